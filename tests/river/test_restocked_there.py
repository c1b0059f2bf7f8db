"""A shop counts the units of a cancelled order in by itself, past the number it was told: it is put right."""

from collections.abc import Iterator

import pytest
from tests.chaos.door import at_the_door

from quartermaster.channels.actions import pull_listings
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.orders.actions import cancel
from quartermaster.testing.carriers import InventedCarrier, plugged

from .conftest import NOW, Company
from .feed import Stall, hurry, stalls


@pytest.fixture(params=["woocommerce", "shopify"])
def shop(
    company: Company, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Stall]:
    known = plugged(InventedCarrier(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")
    company.site("BER")
    company.sku("LAMP", BER=3)
    with at_the_door(), stalls(request.param) as found:
        stall = found[request.param]
        while pull_listings():
            pass
        yield stall


def pass_by(company: Company, shop: Stall) -> None:
    for _ in range(5):
        shop.bring()
        hurry()
        company.flow()
        carry_out()


def for_sale(shop: Stall) -> int:
    with shop.simulator.lock:
        return shop.own.shown("LAMP")


def bought(company: Company, shop: Stall, units: int) -> str:
    with shop.past_its_api() as own:
        order = own.buy("LAMP", units)
    pass_by(company, shop)
    return order


def test_units_our_people_took_off_an_order_are_for_sale_once(company: Company, shop: Stall) -> None:
    bought(company, shop, 2)
    assert for_sale(shop) == 1
    ((order,),) = sql.run("select 'SO-' || id from orders_order")
    cancel(order, because="the buyer called", at=NOW, by="user:1")
    pass_by(company, shop)
    assert sql.run("select state from channels_cancellation") == [("told",)]
    assert for_sale(shop) == 3
    company.examine()


def test_units_of_an_order_that_was_never_served_are_not_for_sale(company: Company, shop: Stall) -> None:
    """The last were sold elsewhere meanwhile: what the shop counts in is not there."""
    bought(company, shop, 1)
    with shop.simulator.lock:
        shop.own.take_off("LAMP", -1)  # it shows one more than it may
    second = bought(company, shop, 3)
    assert for_sale(shop) == 0
    shop.cancel(second)
    pass_by(company, shop)
    assert for_sale(shop) == 2
    company.examine()
