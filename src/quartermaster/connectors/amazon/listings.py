"""Amazon's listings: read in pages or by SKU, and written one by one.

https://developer-docs.amazon.com/sp-api/docs/listings-items-api, read 2026-11-23.
"""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from quartermaster.channels.ports import Content, Count, Listed, Listing, Price, Taken
from quartermaster.connectors.amazon.marketplaces import Marketplace, chosen
from quartermaster.connectors.amazon.sign_in import signed_in
from quartermaster.connectors.amazon.translate import offers
from quartermaster.connectors.calls import Caller
from quartermaster.core.moment import now
from quartermaster.core.outside import (
    Account,
    AuthExpired,
    Invalid,
    Missing,
    NotDone,
    RefusedOutside,
    Unclear,
)

_ROOT = "/listings/2021-08-01/items"
_UNCLEAR_MAX = 2

type Patch = Mapping[str, object]


class AmazonListings:
    """Those of the first marketplace of the connection. A write is a call for each row; of the rows that do
    not fit into the time of a call, it says `later`, and of one that got no clear answer nothing."""

    rows_max = offers.PAGE
    content_fields = offers.FIELDS
    shows_was = True

    def listings(self, *, account: Account, cursor: str) -> Listed:
        market, at = market_of(account), offers.round_of(cursor)
        answer = signed_in(
            account, lambda caller: caller.look(_items(account), params=offers.asked(at, market))
        )
        found = (one for one in _read(answer, market).values() if one.listing.name not in at.told)
        try:
            following = offers.following(at, answer, market)
        except ValueError as error:
            raise NotDone(str(error)) from None
        return Listed(tuple(one.listing for one in found), following)

    def listed(self, *, account: Account, names: Sequence[str]) -> tuple[Listing, ...]:
        found = _known(account, names)
        return tuple(found[name].listing for name in dict.fromkeys(names) if name in found)

    def set_stock(self, *, account: Account, counts: Sequence[Count], key: str) -> tuple[Taken, ...]:
        def patch(row: Count, known: offers.Listed) -> Patch:
            if not known.is_ours:
                raise Invalid(offers.AMAZONS)
            return offers.stock(known.product_type, row.quantity)

        return _written(account, counts, patch)

    def set_prices(self, *, account: Account, prices: Sequence[Price], key: str) -> tuple[Taken, ...]:
        market = market_of(account)

        def patch(row: Price, known: offers.Listed) -> Patch:
            if row.currency != market.currency:
                raise Invalid(offers.other_currency(row.currency, market))
            return offers.price(known, row, market)

        return _written(account, prices, patch)

    def set_content(self, *, account: Account, contents: Sequence[Content], key: str) -> tuple[Taken, ...]:
        market = market_of(account)
        return _written(account, contents, lambda row, known: offers.content(known, row, market))


def _written[R: Count | Price | Content](
    account: Account, rows: Sequence[R], patch: Callable[[R, offers.Listed], Patch]
) -> tuple[Taken, ...]:
    """A row that nobody answers clearly for is left out of the answer, and the others are written all the
    same; after two such in a row those that remain are for later: it is the marketplace, not the row. Raises
    NotDone only where surely nothing was written, Unclear where that is so of every row."""
    known = _known(account, [row.listing for row in rows])
    told: dict[int, Taken | None] = {}  # None: it may have been written

    def write(caller: Caller) -> None:
        in_a_row = 0
        for n, row in enumerate(rows):
            if n in told:
                continue  # written before the token ended
            found = known.get(row.listing)
            if found is None:
                told[n] = Taken(row.listing, "missing")
                continue
            try:
                told[n] = _one(caller, account, row.listing, patch(row, found))
                in_a_row = 0
            except AuthExpired:
                raise
            except RefusedOutside as refusal:
                told[n] = Taken(
                    row.listing, "missing" if isinstance(refusal, Missing) else "refused", str(refusal)
                )
            except Unclear as trouble:
                told[n], in_a_row = None, in_a_row + 1
                if len(told) == len(rows) and not any(told.values()):
                    raise
                if in_a_row == _UNCLEAR_MAX:
                    raise NotDone(f"It does not answer clearly: {trouble}") from trouble

    because = ""
    try:
        signed_in(account, write)
    except NotDone as trouble:
        if not any(one is None or one.state in ("accepted", "taken") for one in told.values()):
            raise
        because = str(trouble)
    answers = (told.get(n, Taken(row.listing, "later", because)) for n, row in enumerate(rows))
    return tuple(one for one in answers if one is not None)


def _one(caller: Caller, account: Account, name: str, body: Patch) -> Taken:
    path = f"{_items(account)}/{quote(name, safe='')}"
    params = {"marketplaceIds": market_of(account).id}
    answer = caller.change("PATCH", path, body, params=params, is_apart=True)
    try:
        return offers.taken(name, answer)
    except ValueError as error:
        raise Unclear(str(error)) from None


def _known(account: Account, names: Sequence[str]) -> dict[str, offers.Listed]:
    """By their names, those that are gone left out. Raises NotDone."""
    market = market_of(account)
    plain = [name for name in dict.fromkeys(names) if "," not in name]
    found: dict[str, offers.Listed] = {}

    def look(caller: Caller) -> None:
        for start in range(0, len(plain), offers.PAGE):
            asked = offers.asked_by_name(plain[start : start + offers.PAGE], market)
            found.update(_read(caller.look(_items(account), params=asked), market))
        for name in dict.fromkeys(names):
            if "," in name:  # in a list of names it would be two
                found.update(_single(caller, account, name, market))

    signed_in(account, look)
    return {name: one for name, one in found.items() if name in set(names)}


def _single(caller: Caller, account: Account, name: str, market: Marketplace) -> dict[str, offers.Listed]:
    params = {"marketplaceIds": market.id, "includedData": offers.INCLUDED}
    try:
        item = caller.look(f"{_items(account)}/{quote(name, safe='')}", params=params)
    except Missing:
        return {}
    return _read({"items": [item]}, market)


def _read(answer: Mapping[str, object], market: Marketplace) -> dict[str, offers.Listed]:
    try:
        found = (offers.listed(item, market, now()) for item in offers.items(answer))
        return {one.listing.name: one for one in found if one is not None}
    except ValueError as error:
        raise NotDone(str(error)) from None


def _items(account: Account) -> str:
    return f"{_ROOT}/{quote(seller_of(account), safe='')}"


def seller_of(account: Account) -> str:
    """Raises AuthExpired where nobody gave it."""
    seller = account.settings.get("seller_id", "")
    if not seller:
        raise AuthExpired(
            f"{account.slug} has no merchant token: its listings can be neither read nor written"
        )
    return seller


def market_of(account: Account) -> Marketplace:
    return chosen(account.settings.get("marketplaces", ""))[0]
