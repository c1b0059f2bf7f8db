"""The last unit is sold at the same moment on three channels, and every listing goes to nought."""

import threading

import pytest
from django.db import connections

from quartermaster.channels.actions import push_now, switch
from quartermaster.core import plugs, sql
from quartermaster.core.river import worker
from quartermaster.inbox.actions import connect
from quartermaster.testing.shelves import InventedShelves, plugged

from .conftest import NOW, Company

SLUGS = ("corner", "market", "plaza")


@pytest.fixture
def shelves(company: Company, monkeypatch: pytest.MonkeyPatch) -> InventedShelves:
    shelves = InventedShelves(rows_max=7)
    known = plugged(shelves, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    company.site("BER")
    for slug in SLUGS:
        shelves.shops[slug] = {}
        connect("shelves", slug, {}, at=NOW, by="user:1")
        switch(slug, mode="live", at=NOW, by="user:1")
    return shelves


def offered(company: Company, shelves: InventedShelves, *codes: str, units: int) -> None:
    for slug in SLUGS:
        shelves.shops[slug].update(dict.fromkeys(codes, units))
    sql.run("update channels_goods set read_next_at = now()")
    company.flow()


def test_one_order_gets_it_the_others_are_shortages_and_no_shop_sells_another(
    company: Company, shelves: InventedShelves
) -> None:
    company.sku("LAMP", BER=1)
    sql.run("update catalog_sku set policy = 'deny'")
    offered(company, shelves, "LAMP", units=1)
    assert shelves.writes == []

    company.tell(*(company.shop.sell(("LAMP", 1)) for _ in range(3)))

    assert sorted(row[0] for row in sql.run("select status from orders_order")) == [
        *("allocated", "backordered", "backordered"),
    ]
    assert sql.run("select parked, count(*) from orders_line group by 1 order by 1") == [
        ("", 1),
        ("shortage", 2),
    ]
    assert {slug: shelves.shops[slug]["LAMP"] for slug in SLUGS} == dict.fromkeys(SLUGS, 0)
    assert [len(shelves.sent(slug)) for slug in SLUGS] == [1, 1, 1]


def test_several_workers_send_each_number_once(company: Company, shelves: InventedShelves) -> None:
    codes = [f"S{n:02}" for n in range(40)]
    for code in codes:
        company.sku(code, BER=3)
    offered(company, shelves, *codes, units=3)
    assert push_now("corner", at=NOW, by="user:1") == 40
    for code in codes:
        company.receive(code, BER=1)

    def work() -> None:
        try:
            while worker.flow():
                pass
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    company.flow()

    assert set(shelves.shops["corner"].values()) == {4}
    assert sorted(shelves.sent("market")) == [(f"L-{code}", 4) for code in codes]
    assert sql.run("select count(*) from channels_listing where confirmed_version < version") == [(0,)]
