"""What is due to be given back is never more than was paid and is still here, whatever the shop says of it
afterwards: it takes back a part of the order, or tells its payment otherwise, in any order with what our own
people do."""

from contextlib import suppress
from random import Random
from typing import Any

import msgspec
import pytest
from django.db import transaction

from quartermaster.channels.actions import switch
from quartermaster.core import sql
from quartermaster.inbox.actions import connect
from quartermaster.inbox.actions.keep import Arrival, take_down
from quartermaster.money.queries.invariants import INVARIANTS
from quartermaster.orders.actions import cancel
from quartermaster.orders.actions.hold import TooLate
from quartermaster.testing.simulators import flipkart
from quartermaster.testing.simulators.flipkart_changes import split, with_a_unit_less

from .conftest import NOW, Company

NAME = "3f0a6c1e-77aa-4d1c-9d55-0b7e1c4a9001"
type Json = dict[str, Any]


def sold(units: int = 2) -> Json:
    item = {
        "orderItemId": "11",
        "orderId": "OD1",
        "sku": "LAMP",
        "quantity": units,
        "paymentType": "PREPAID",
        "status": "APPROVED",
        "orderDate": "2026-11-20T18:15:57.000+05:30",
        "priceComponents": {"sellingPrice": 9.9 * units, "totalPrice": 9.9 * units, "shippingCharge": 0.0},
    }
    return {"shipmentId": NAME, "updatedAt": at(0), "orderItems": [item]}


def at(minute: int) -> str:
    return f"2026-11-20T19:{minute:02}:00.000+05:30"


def parted(told: Json) -> Json:
    """A unit of it is another shipment from now on; what was told of it before stays where it is."""
    parts = split(told, "other")
    return dict(parts[0]) if parts else told


def unit_less(told: Json) -> Json:
    return dict(with_a_unit_less(told) or told)


def gone(told: Json) -> Json:
    return {**told, "orderItems": [{**one, "status": "CANCELLED"} for one in told["orderItems"]]}


class Hub:
    """Flipkart's words, one after another, and what our people do in between."""

    def __init__(self, company: Company, slug: str) -> None:
        self.company, self.slug = company, slug
        connect("flipkart", slug, flipkart.SETTINGS, at=NOW, by="user:1")
        switch(slug, mode="observe", at=NOW, by="user:1")

    def say(self, *bodies: Json) -> None:
        ((shop,),) = sql.run("select id from inbox_connection where slug = %s", (self.slug,))
        for body in bodies:
            told = msgspec.json.encode(body)
            with transaction.atomic():
                take_down([Arrival(shop, "", "shipment", {"source": "fetched"}, told, NOW)])
        self.company.flow()

    def cancel(self, units: int | None = None) -> None:
        ((number, line),) = sql.run(
            "select 'SO-' || o.id, l.id from orders_order o join orders_line l on l.order_id = o.id "
            "join inbox_connection c on c.id = o.connection_id where c.slug = %s",
            (self.slug,),
        )
        take_off(self.company, number, {line: units} if units else None)

    def due(self) -> list[tuple[int, str]]:
        return [
            tuple(row)
            for row in sql.run(
                "select r.amount_minor, r.state from money_refund r join orders_order o on o.id = r.order_id "
                "join inbox_connection c on c.id = o.connection_id where c.slug = %s order by r.id",
                (self.slug,),
            )
        ]


@pytest.fixture
def hub(company: Company) -> Hub:
    company.site("BLR", country="IN")
    company.sku("LAMP", BLR=500)
    return Hub(company, "hub")


def broken() -> list[str]:
    return [row for _, _, check in INVARIANTS for row in check()]


def test_what_is_parted_and_cancelled_there_before_we_hear_of_either_is_due_as_far_as_it_is_paid(hub: Hub):
    hub.say(sold())
    hub.cancel()
    assert hub.due() == [(1980, "due")]

    part = parted(sold())
    hub.say({**gone(part), "updatedAt": at(2)}, {**part, "updatedAt": at(1)})

    assert hub.due() == [(990, "due")]
    assert broken() == []


def test_a_payment_told_otherwise_after_the_shop_cancelled_it_too_counts(hub: Hub):
    hub.say(sold())
    hub.cancel()
    hub.say({**gone(sold()), "updatedAt": at(1)})
    assert hub.due() == [(1980, "due")], "that it was cancelled there gave nobody any money back"

    hub.say({**gone(parted(sold())), "updatedAt": at(2)})

    assert hub.due() == [(990, "due")]
    assert broken() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_no_more_is_due_than_is_paid_in_whatever_order_flipkart_and_our_people_take_units_off(
    company: Company, seed: int
):
    """What Flipkart does is told late, twice, or not before the next."""
    company.site("BLR", country="IN")
    company.sku("LAMP", BLR=500)
    dice = Random(seed)
    for n in range(3):
        hub = Hub(company, f"hub-{n}")
        now = sold(dice.randint(2, 3))
        late: list[Json] = []
        hub.say(now)
        for minute in range(1, 7):
            match dice.choice(["parted", "less", "gone", "ours", "all", "told"]):
                case "ours":
                    hub.cancel(1)
                case "all":
                    hub.cancel()
                case "told":
                    hub.say(*dice.sample(late, len(late)), *late[:1])
                    late = late[:1]
                case word:
                    becomes = {"parted": parted, "less": unit_less, "gone": gone}[word]
                    now = {**becomes(now), "updatedAt": at(minute)}
                    late.append(now)
            assert broken() == [], (seed, n, minute)
        hub.say(*dice.sample(late, len(late)))
        assert broken() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_no_more_is_due_than_is_paid_in_whatever_order_a_shop_tells_refunds_and_payment(
    company: Company, seed: int
):
    company.site("BER")
    company.sku("LAMP", BER=500)
    dice, shop = Random(seed), company.shop
    for n in range(3):
        order = 5_000_000_001 + n
        late = []
        company.tell(shop.sell(("LAMP", 3), order_id=order))
        ((number, line),) = sql.run(
            "select 'SO-' || o.id, l.id from orders_order o join orders_line l on l.order_id = o.id "
            "where o.external_id = %s",
            (str(order),),
        )
        for step in range(6):
            match dice.choice(["unpaid", "paid", "refund", "give back", "notice", "cancel", "ours", "told"]):
                case "unpaid":
                    shop.orders[order]["total_outstanding"] = f"{dice.randint(0, 30)}.00"
                    late.append(shop.readdress(order, f"Town {step}"))
                case "paid":
                    late.append(shop.pay(order))
                case "refund" if shop.orders[order]["line_items"][0]["current_quantity"]:
                    late.append(shop.refund(order, 0, 1, restock=dice.choice(["cancel", "no_restock"])))
                case "give back":
                    late.append(shop.give_back(order, dice.randint(1, 9)))
                case "notice" if shop.orders[order]["refunds"]:
                    late.append(shop.refund_notice(order))
                case "cancel":
                    late.append(shop.cancel(order))
                case "ours":
                    take_off(company, number, dice.choice([None, {line: 1}]))
                case _:
                    company.tell(*dice.sample(late, len(late)))
                    late = []
            assert broken() == [], (seed, n, step)
        company.tell(*dice.sample(late, len(late)))
        assert broken() == []


def take_off(company: Company, number: str, lines: dict[int, int] | None) -> None:
    """Where there is something left to take off."""
    with suppress(TooLate):
        cancel(number, because="not wanted", lines=lines, at=NOW, by="user:1")
    company.flow()
