"""An invented shop that can be read and told how many of each listing it may sell."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from quartermaster.channels.ports import (
    Bulk,
    Channel,
    Content,
    ContentField,
    Contents,
    Count,
    Laid,
    Listed,
    Listing,
    Listings,
    Price,
    Progress,
    Taken,
)
from quartermaster.core.outside import Account, Missing
from quartermaster.core.plugs import Plug


class InventedShelves:
    """Shops of one kind by their slug, each with its listings: code -> quantity. The name of a listing is
    its code with "L-" before it.

    prices: slug -> code -> minor units of EUR, 10.00 where nothing else is said; was: what is shown beside
    them. shows_was: there is a place for that. compares: it refuses a count when it has another number than
    expected. before, after (and before_prices, after_prices): called with the slug and the rows around each
    write, and may raise. says: what is answered in place of the truth.
    texts: slug -> code -> field -> what a listing says, "The CODE" as its title where nothing else is said.
    """

    content_fields: tuple[ContentField, ...] = ("title", "barcode", "weight_g")

    def __init__(
        self, *, rows_max: int = 100, page: int = 100, compares: bool = False, shows_was: bool = True
    ) -> None:
        self.rows_max, self.page, self.compares = rows_max, page, compares
        self.shows_was = shows_was
        self.shops: dict[str, dict[str, int | None]] = {}
        self.writes: list[tuple[str, tuple[Count, ...], str]] = []
        self.before: Callable[[str, Sequence[Count]], None] = lambda slug, counts: None
        self.after: Callable[[str, Sequence[Count]], None] = lambda slug, counts: None
        self.prices: dict[str, dict[str, int]] = {}
        self.was: dict[str, dict[str, int]] = {}
        self.priced: list[tuple[str, tuple[Price, ...], str]] = []
        self.before_prices: Callable[[str, Sequence[Price]], None] = lambda slug, prices: None
        self.after_prices: Callable[[str, Sequence[Price]], None] = lambda slug, prices: None
        self.texts: dict[str, dict[str, dict[str, str]]] = {}
        self.told: list[tuple[str, tuple[Content, ...], str]] = []
        self.before_contents: Callable[[str, Sequence[Content]], None] = lambda slug, contents: None
        self.after_contents: Callable[[str, Sequence[Content]], None] = lambda slug, contents: None
        self.says: dict[str, Taken] = {}  # listing -> answer; nothing is written
        self._lock = threading.Lock()

    def sent(self, slug: str) -> list[tuple[str, int]]:
        """Every number that reached a shop, in order."""
        return [(one.listing, one.quantity) for to, counts, _ in self.writes if to == slug for one in counts]

    def listings(self, *, account: Account, cursor: str) -> Listed:
        codes = sorted(self.shops[account.slug])
        begin = int(cursor or 0)
        here = tuple(self._shown(account.slug, code) for code in codes[begin : begin + self.page])
        more = begin + self.page
        return Listed(here, str(more) if more < len(codes) else "")

    def listed(self, *, account: Account, names: Sequence[str]) -> tuple[Listing, ...]:
        codes = [name.removeprefix("L-") for name in names]
        return tuple(self._shown(account.slug, code) for code in codes if code in self.shops[account.slug])

    def set_stock(self, *, account: Account, counts: Sequence[Count], key: str) -> tuple[Taken, ...]:
        assert len(counts) <= self.rows_max, "more rows than it takes"
        self.before(account.slug, counts)
        with self._lock:
            self.writes.append((account.slug, tuple(counts), key))
            answers = tuple(self._write(account.slug, count) for count in counts)
        self.after(account.slug, counts)
        return answers

    def set_prices(self, *, account: Account, prices: Sequence[Price], key: str) -> tuple[Taken, ...]:
        assert len(prices) <= self.rows_max, "more rows than it takes"
        self.before_prices(account.slug, prices)
        with self._lock:
            self.priced.append((account.slug, tuple(prices), key))
            answers = tuple(self._price(account.slug, price) for price in prices)
        self.after_prices(account.slug, prices)
        return answers

    def set_content(self, *, account: Account, contents: Sequence[Content], key: str) -> tuple[Taken, ...]:
        assert len(contents) <= self.rows_max, "more rows than it takes"
        assert len({one.field for one in contents}) == 1, "more than one field"
        self.before_contents(account.slug, contents)
        with self._lock:
            self.told.append((account.slug, tuple(contents), key))
            answers = tuple(self._say(account.slug, one) for one in contents)
        self.after_contents(account.slug, contents)
        return answers

    def text(self, slug: str, code: str, field: str) -> str:
        """What a listing says."""
        said = self.texts.get(slug, {}).get(code, {})
        return said.get(field, f"The {code}" if field == "title" else "")

    def write_by_hand(self, slug: str, code: str, field: str, text: str) -> None:
        """Somebody types it into the shop."""
        self.texts.setdefault(slug, {}).setdefault(code, {})[field] = text

    def sent_contents(self, slug: str) -> list[tuple[str, str, str]]:
        """Every text that reached a shop, in order."""
        return [(one.listing, one.field, one.text) for to, rows, _ in self.told if to == slug for one in rows]

    def _say(self, slug: str, content: Content) -> Taken:
        code = content.listing.removeprefix("L-")
        if content.listing in self.says:
            return self.says[content.listing]
        if code not in self.shops[slug]:
            return Taken(content.listing, "missing")
        self.write_by_hand(slug, code, content.field, content.text)
        return Taken(content.listing, "taken")

    def costs(self, slug: str, code: str) -> int:
        return self.prices.get(slug, {}).get(code, 1000)

    def sent_prices(self, slug: str) -> list[tuple[str, int]]:
        """Every price that reached a shop, in order."""
        return [(one.listing, one.price_minor) for to, rows, _ in self.priced if to == slug for one in rows]

    def _price(self, slug: str, price: Price) -> Taken:
        code = price.listing.removeprefix("L-")
        if price.listing in self.says:
            return self.says[price.listing]
        if code not in self.shops[slug]:
            return Taken(price.listing, "missing")
        if price.currency != "EUR":
            return Taken(price.listing, "refused", "it sells in EUR")
        if price.was_minor is not None and not self.shows_was:
            return Taken(price.listing, "refused", "it shows one price")
        self.prices.setdefault(slug, {})[code] = price.price_minor
        if price.sets_was:
            beside = self.was.setdefault(slug, {})
            beside.pop(code, None)
            beside |= {} if price.was_minor is None else {code: price.was_minor}
        return Taken(price.listing, "taken")

    def _shown(self, slug: str, code: str) -> Listing:
        title, weight = self.text(slug, code, "title"), self.text(slug, code, "weight_g")
        return Listing(
            f"L-{code}",
            code,
            title,
            self.shops[slug][code],
            self.costs(slug, code),
            "EUR",
            self.text(slug, code, "barcode"),
            int(weight) if weight else None,
            was_minor=self.was.get(slug, {}).get(code),
        )

    def _write(self, slug: str, count: Count) -> Taken:
        shelf, code = self.shops[slug], count.listing.removeprefix("L-")
        if count.listing in self.says:
            return self.says[count.listing]
        if code not in shelf:
            return Taken(count.listing, "missing")
        if self.compares and count.expected is not None and shelf[code] != count.expected:
            return Taken(count.listing, "stale", quantity=shelf[code])
        shelf[code] = count.quantity
        return Taken(count.listing, "taken")


class InventedBulk:
    """The door for many rows of invented shops: what is begun waits until `work_off`.

    before, after: called with the step (lay, begin, under_way, progress, stop) around it, and may raise.
    ends: over, or died, with which nothing is written.
    """

    def __init__(self, shelves: InventedShelves, *, least: int = 3, most: int = 5, at_once: int = 2) -> None:
        self.shelves = shelves
        self.bulk_from, self.bulk_max, self.bulk_open = least, most, at_once
        self.bulk_lasts = timedelta(hours=8)
        self.begun: dict[str, tuple[str, list[Count | Price]]] = {}  # name -> slug, rows
        self.told: dict[str, Progress] = {}  # of those that are over
        self.before: Callable[[str], None] = lambda step: None
        self.after: Callable[[str], None] = lambda step: None
        self.ends = "over"
        self.is_switched_on = True

    def is_open(self, *, account: Account, what: str) -> bool:
        return self.is_switched_on

    def lay_stock(self, *, account: Account, counts: Sequence[Count]) -> Laid:
        self.before("lay")
        return Laid(msgspec.json.encode(["stock", list(counts)]).decode())

    def lay_prices(self, *, account: Account, prices: Sequence[Price]) -> Laid:
        self.before("lay")
        return Laid(msgspec.json.encode(["prices", list(prices)]).decode())

    def begin(self, *, account: Account, mark: str) -> str:
        self.before("begin")
        what, rows = msgspec.json.decode(mark)
        name = f"W-{len(self.begun) + 1}"
        kind: Any = Count if what == "stock" else Price
        self.begun[name] = (account.slug, msgspec.convert(rows, list[kind]))
        self.after("begin")
        return name

    def under_way(self, *, account: Account, since: datetime) -> tuple[str, ...]:
        self.before("under_way")
        mine = [name for name, (slug, _) in self.begun.items() if slug == account.slug]
        return tuple(name for name in mine if name not in self.told)

    def progress(self, *, account: Account, name: str, mark: str, rows: Sequence[str]) -> Progress:
        self.before("progress")
        if name not in self.begun:
            raise Missing("no such write")
        return self.told.get(name, Progress("waits"))

    def stop(self, *, account: Account, name: str) -> None:
        self.before("stop")

    def work_off(self) -> None:
        for name, (slug, rows) in self.begun.items():
            if name in self.told:
                continue
            answers = tuple(self._written(slug, row) for row in rows) if self.ends == "over" else ()
            because = "" if answers else "It fell over."
            self.told[name] = Progress("over" if answers else "died", answers, because)

    def _written(self, slug: str, row: Count | Price) -> Taken:
        account = Account(slug)
        if isinstance(row, Count):
            return self.shelves.set_stock(account=account, counts=[row], key="bulk")[0]
        return self.shelves.set_prices(account=account, prices=[row], key="bulk")[0]


def plugged(shelves: Listings, known: Mapping[str, Plug], *, bulk: Bulk | None = None) -> dict[str, Plug]:
    """These plugs, and the shop as one more that needs no settings: kind "shelves"."""
    ports: dict[type, Any] = {Listings: shelves, Contents: shelves, Channel: object()}
    if bulk is not None:
        ports[Bulk] = bulk
    return {**known, "shelves": Plug("shelves", "An invented shop", (), ports)}
