"""One order in several parts: each with its own promise, and shipping charged once (G3)."""

from typing import Any

from quartermaster.allocation.actions.write_rules import Lane, set_lanes
from quartermaster.core import sql
from quartermaster.testing.shop import Shop, Webhook

from .conftest import NOW, Company

ORDER = 5_000_000_950


SHIPPING = {"title": "Standard", "price": "4.90", "discounted_price": "4.90"}


class Charging(Shop):
    """A shop that charges for shipping."""

    def _deliver(self, topic: str, order: dict[str, Any]) -> Webhook:
        total = f"{float(order['total_price']) + 4.9:.2f}"
        return super()._deliver(topic, {**order, "total_price": total, "current_total_price": total})


def parts() -> list[tuple[str, object, object]]:
    return [
        (row[0], row[1], row[2])
        for row in sql.run(
            "select l.code, a.ship_by, a.promised_on from allocation_allocation a "
            "join stock_location l on l.id = a.location_id where a.state <> 'cancelled' order by a.id"
        )
    ]


def test_five_lines_with_a_kit_and_a_preorder_leave_three_sites_with_a_promise_each(company: Company):
    for site, country, days in (("BER", "DE", 1), ("MUC", "DE", 2), ("WAW", "PL", 4)):
        company.site(site, country)
        set_lanes(site, (Lane("DE", 490, "EUR", days),), at=NOW, by="test")
    company.sku("BULB", BER=9)
    company.sku("SHADE", BER=9)
    company.kit("SET", BULB=2, SHADE=1)
    company.sku("POT", BER=9)
    company.sku("LAMP", MUC=9)
    company.sku("MUG", MUC=9)
    company.sku("VASE")
    sql.run("update catalog_sku set policy = 'preorder', backorder_cap = 5 where code = 'VASE'")

    company.shop = Charging()
    company.tell(
        company.shop.sell(
            *(("SET", 1), ("POT", 1), ("LAMP", 1), ("MUG", 2), ("VASE", 1)),
            order_id=ORDER,
            shipping_lines=[SHIPPING],
        )
    )

    now = parts()
    assert sorted(site for site, *_ in now) == ["BER", "MUC"]
    assert all(ship_by and promised_on for _, ship_by, promised_on in now)
    assert company.status(ORDER) == "backordered"
    assert sql.run("select parked from orders_line where code = 'VASE'") == [("preorder",)]
    charged = sql.run("select shipping_minor, total_minor, promised_on from orders_order")
    assert charged[0][2] is None  # a part of it has no day yet

    company.receive("VASE", WAW=1)
    company.flow()

    then = parts()
    assert then[:2] == now  # what was promised is not promised anew
    assert [site for site, *_ in then[2:]] == ["WAW"]
    assert company.status(ORDER) == "allocated"
    days = [promised_on for *_, promised_on in then]
    assert sql.run("select shipping_minor, total_minor, promised_on from orders_order") == [
        (*charged[0][:2], max(days, key=str))
    ]
    assert charged[0][0] == 490


def test_one_part_left_of_two_is_no_stock_of_the_kit(company: Company):
    """It does not wait for a site that may serve it: no site will before more bulbs come."""
    company.site("BER", "DE")
    company.sku("BULB", BER=3)
    company.sku("SHADE", BER=9)
    company.kit("SET", BULB=2, SHADE=1)
    sql.run("update catalog_sku set policy = 'backorder' where code = 'SET'")

    company.tell(company.shop.sell(("SET", 1)), company.shop.sell(("SET", 1)))

    assert sql.run("select allocated, parked from orders_line order by id") == [(1, ""), (0, "backorder")]
