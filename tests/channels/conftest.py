"""Two invented shops that sell what a small company has in stock."""

from collections.abc import Sequence

import pytest

from quartermaster.channels.actions import (
    make_list,
    pull_listings,
    push_stock,
    read_back,
    set_pricing,
    switch,
    work_out,
)
from quartermaster.core import doctor, plugs, sql
from quartermaster.core.moment import now
from quartermaster.inbox.actions import connect
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.shelves import InventedShelves, plugged

from .priced import work

AT = now()
SHOWN = """
select l.wanted, l.confirmed, l.version, l.confirmed_version, l.state, l.because, l.tries,
  l.gone_at is not null
from channels_listing l join inbox_connection c on c.id = l.shop_id where c.slug = %s and l.name = %s
"""


class Row:
    """A listing as it stands."""

    def __init__(self, slug: str, code: str) -> None:
        found = sql.run(SHOWN, (slug, f"L-{code}"))
        (self.wanted, self.confirmed, self.version, self.confirmed_version, *rest) = found[0]
        self.state, self.because, self.tries, self.is_gone = rest


class Stand:
    """Shops `east` and `west`, both live, and the site BER."""

    def __init__(self, shelves: InventedShelves) -> None:
        self.shelves = shelves
        a_location("BER")
        for slug in ("east", "west"):
            connect("shelves", slug, {}, at=AT, by="user:1")
            shelves.shops[slug] = {}
            switch(slug, mode="live", at=AT, by="user:1")

    def offer(self, *codes: str, quantity: int | None = 0, slugs: Sequence[str] = ("east", "west")) -> None:
        for slug in slugs:
            self.shelves.shops[slug].update(dict.fromkeys(codes, quantity))
        self.pull()

    def pull(self) -> None:
        sql.run("update channels_goods set read_next_at = now() - interval '1 hour'")
        while pull_listings():
            pass

    def move(self, code: str, units: int) -> None:
        """More or fewer units in BER."""
        ((sku_id, n),) = sql.run(
            "select s.id, (select count(*) from stock_movement) from catalog_sku s where code = %s", (code,)
        )
        places = ("world:supplier", "BER") if units > 0 else ("BER", "world:customer")
        post([Move(f"move:{n}", sku_id, abs(units), *places, "moved")], by="test", at=AT)

    def later(self) -> None:
        """All that waits for a moment is due."""
        sql.run(
            "update channels_listing set next_at = now() - interval '1 hour', "
            "lease_until = lease_until - interval '1 hour'"
        )
        sql.run("update channels_goods set push_at = now() - interval '1 hour'")

    def work(self) -> None:
        """What the worker does until nothing is due."""
        while work_out() + push_stock() + read_back():
            pass

    def settle(self) -> None:
        for _ in range(12):
            self.work()
            self.later()

    def row(self, code: str, slug: str = "east") -> Row:
        return Row(slug, code)

    def has(self, code: str) -> list[int | None]:
        return [self.shelves.shops[slug].get(code) for slug in ("east", "west")]


def a_stand(monkeypatch: pytest.MonkeyPatch) -> Stand:
    shelves = InventedShelves()
    known = plugged(shelves, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    return Stand(shelves)


@pytest.fixture
def stand(db: None, monkeypatch: pytest.MonkeyPatch) -> Stand:
    return a_stand(monkeypatch)


@pytest.fixture
def sold(stand: Stand) -> Stand:
    """A lamp and a bulb at two shops that are told of prices of the list Retail, 10.00 each so far."""
    for code in ("LAMP", "BULB"):
        a_sku(code, BER=5)
    stand.offer("LAMP", "BULB")
    make_list("Retail", "EUR", at=AT, by="user:1")
    for slug in ("east", "west"):
        set_pricing(slug, {"mode": "live", "price_list": "Retail"}, at=AT, by="user:1")
    work()
    return stand


def examined() -> dict[str, list[str]]:
    return {one.check: list(one.rows) for one in doctor.examine() if one.rows}
