"""Orders that wait for stock: first come, first served, and nobody who could be served is left waiting."""

import sys
from datetime import UTC, datetime

import pytest

from quartermaster.catalog.actions import save_sku
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import sql
from quartermaster.core.river import worker
from quartermaster.orders.actions import hold

from .conftest import Company

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
ORDER = 5_000_000_001


@pytest.fixture
def shop(company: Company) -> Company:
    company.site("BER")
    company.sku("LAMP")
    return company


def receive(company: Company, **units: int) -> None:
    for code, count in units.items():
        company.receive(code, BER=count)
    company.flow()


def number(external_id: int) -> str:
    return f"SO-{sql.run('select id from orders_order where external_id = %s', (str(external_id),))[0][0]}"


def free() -> int:
    return int(sql.run("select coalesce(sum(sellable - reserved), 0) from stock_level")[0][0])


def test_an_order_that_no_site_may_serve_does_not_keep_stock_from_those_behind_it(shop: Company) -> None:
    sql.run("update stock_location set ships_to = '[\"DE\"]'")
    shop.tell(shop.shop.sell(("LAMP", 10), country="AU"), shop.shop.sell(("LAMP", 1)))
    receive(shop, LAMP=2)

    assert shop.status(ORDER + 1) == "allocated"
    assert shop.status(ORDER) == "backordered"
    assert free() == 1


def test_an_order_that_wants_everything_at_once_does_not_keep_stock_from_those_behind_it(
    shop: Company,
) -> None:
    shop.tell(shop.shop.sell(("LAMP", 10)), shop.shop.sell(("LAMP", 1)), shop.shop.sell(("LAMP", 2)))
    sql.run("update orders_order set ships_complete = true where external_id = %s", (str(ORDER),))
    receive(shop, LAMP=3)

    assert [shop.status(ORDER + n) for n in range(3)] == ["backordered", "allocated", "allocated"]

    receive(shop, LAMP=10)
    assert shop.status(ORDER) == "allocated"


def test_an_order_that_may_not_be_allocated_does_not_keep_stock_from_those_behind_it(shop: Company) -> None:
    shop.tell(shop.shop.sell(("LAMP", 10)), shop.shop.sell(("LAMP", 1)))
    hold(number(ORDER), kind="check", because="what is this?", at=AT, by="user:1")
    shop.flow()
    receive(shop, LAMP=2)

    assert shop.units(ORDER) == [{"ordered": 10, "open": 10}]
    assert shop.status(ORDER + 1) == "allocated"


def test_many_who_cannot_be_served_do_not_keep_stock_from_the_one_who_can(shop: Company) -> None:
    sql.run("update stock_location set ships_to = '[\"DE\"]'")
    shop.hear(*[shop.shop.sell(("LAMP", 3), country="AU") for _ in range(120)])
    shop.tell(shop.shop.sell(("LAMP", 1)))
    receive(shop, LAMP=1)

    assert shop.status(ORDER + 120) == "allocated"
    assert free() == 0


def test_a_large_arrival_serves_everybody_it_can_however_many_they_are(
    shop: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["quartermaster.allocation.actions.serve"], "AT_ONCE", 20)
    shop.tell(*[shop.shop.sell(("LAMP", 1)) for _ in range(70)])
    receive(shop, LAMP=65)

    assert free() == 0
    assert [shop.status(ORDER + n) for n in range(70)] == ["allocated"] * 65 + ["backordered"] * 5


def test_one_unit_does_not_wake_everybody_who_waits(shop: Company) -> None:
    shop.tell(*[shop.shop.sell(("LAMP", 1)) for _ in range(70)])
    shop.receive("LAMP", BER=1)
    decisions = sql.run("select count(*) from allocation_decision")[0][0]
    passes = 0
    while worker.flow():
        passes += 1
    assert passes <= 2
    assert sql.run("select count(*) from allocation_decision")[0][0] <= decisions + 10
    assert shop.status(ORDER) == "allocated"


def test_the_urgent_are_served_before_those_who_came_earlier(shop: Company) -> None:
    shop.tell(*[shop.shop.sell(("LAMP", 1)) for _ in range(3)])
    sql.run("update orders_order set priority = 10 where external_id = %s", (str(ORDER + 2),))
    receive(shop, LAMP=1)

    assert [shop.status(ORDER + n) for n in range(3)] == ["backordered", "backordered", "allocated"]


def test_a_sku_that_appears_heals_all_who_wait_for_it_however_many_they_are(
    shop: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["quartermaster.orders.actions.heal"], "PAGE", 10)
    shop.tell(*[shop.shop.sell(("VASE", 1)) for _ in range(35)])
    assert shop.status(ORDER) == "on_hold"

    save_sku(Draft(code="VASE"), at=AT, by="user:1")
    shop.flow()

    assert {shop.status(ORDER + n) for n in range(35)} == {"backordered"}
    receive(shop, VASE=35)
    assert {shop.status(ORDER + n) for n in range(35)} == {"allocated"}
