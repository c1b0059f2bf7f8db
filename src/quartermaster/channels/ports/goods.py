"""What a shop offers for sale: how much of it there is, and what it costs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from quartermaster.core.outside import Account


class Listing(Struct, frozen=True):
    """Something a shop sells, as the shop has it now.

    `name`: all that a write to it needs, in the shop's own words, such as "13/15" for a variation of a
    product; it stays the same as long as the listing lives. `code`: the seller's SKU there, "" where it has
    none. `quantity`: None when the shop does not count it. `price_minor`: None where it has none; with its
    currency.
    """

    name: str
    code: str
    title: str
    quantity: int | None
    price_minor: int | None = None
    currency: str = ""
    barcode: str = ""
    weight_g: int | None = None
    is_live: bool = True  # buyers can see it
    was_minor: int | None = None  # shown beside the price as what it cost before


class Listed(Struct, frozen=True):
    """Listings in pages. `cursor` asks for those that follow; "": this was the last page. `again_at`: those
    that follow are not there sooner, because the shop is still gathering them. `as_of`: when they were so, by
    our clock, where that is not now."""

    listings: tuple[Listing, ...]
    cursor: str = ""
    again_at: datetime | None = None
    as_of: datetime | None = None


class Count(Struct, frozen=True):
    """How many of a listing may be sold from now on: 0 or more.

    `expected`: what the shop is believed to have. One that can compare and set refuses the row as stale
    when it has another number; one that cannot ignores it. None: whatever it has.
    """

    listing: str
    quantity: int
    expected: int | None = None


class Price(Struct, frozen=True):
    """What one of a listing costs from now on, in minor units: 1 or more.

    `sets_was`: what is shown beside it as its price before is written with it: `was_minor`, which is more
    than the price, or nothing. Else that stays, where a shop keeps it apart from the price; where it is what
    makes the price (a regular price with a sale price beside it), nothing is shown any more, for what a buyer
    pays is `price_minor` either way.
    """

    listing: str
    price_minor: int
    currency: str
    was_minor: int | None = None
    sets_was: bool = False


class Taken(Struct, frozen=True):
    """What became of one row of a write.

    taken: it is so now. accepted: it will be, and is to be read back later. stale: it has another number
    than was expected, `quantity` says which. missing: no such listing. refused: `because` says why. later:
    surely not done, and the same may be sent again. `quantity`: what the shop says it has now, None where
    it does not say.
    """

    listing: str
    state: Literal["taken", "accepted", "stale", "missing", "refused", "later"]
    because: str = ""
    quantity: int | None = None


class ListingNeeds(Struct, frozen=True):
    """What this kind of shop asks of a listing before buyers may see it, or its label be bought: title,
    barcode, weight_g, sides, hs_code, origin_country. A plug offers it as it is."""

    fields: tuple[str, ...]


class Listings(Protocol):
    """A shop whose offers can be read and written. Writes are absolute: the same again changes nothing."""

    rows_max: int  # of one write, and of one `listed`
    shows_was: bool  # it can show what a price was before; else such a row is refused

    def listings(self, *, account: Account, cursor: str) -> Listed:
        """Everything the shop sells, in pages: "" asks for the first. Raises NotDone."""
        ...

    def listed(self, *, account: Account, names: Sequence[str]) -> tuple[Listing, ...]:
        """These as they are now; those that are gone are left out. Raises NotDone."""
        ...

    def set_stock(self, *, account: Account, counts: Sequence[Count], key: str) -> tuple[Taken, ...]:
        """One answer for each row, in their order: one bad row harms no other. One that was asked for alone
        and got no clear answer is left out, and read back. `key` is the same when the same write is tried
        again. Raises NotDone (nothing was written), Unclear (all of them are read back)."""
        ...

    def set_prices(self, *, account: Account, prices: Sequence[Price], key: str) -> tuple[Taken, ...]:
        """As `set_stock`; both figures of a row, or neither: where a shop takes them in two calls and only
        one came through, no clear answer was given."""
        ...
