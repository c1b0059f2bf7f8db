"""Flipkart's notifications: each opens the door, none is believed, one behind the other for a shipment."""

import json
from datetime import UTC, datetime

import pytest

from quartermaster.connectors.flipkart.plug import PLUG
from quartermaster.inbox.ports import Verdict, Webhooks
from quartermaster.orders.ports import Ignored, OrderSource, Unreadable
from quartermaster.testing.conformance.asked import source, webhooks
from quartermaster.testing.market import FlipkartStall
from quartermaster.testing.simulators import flipkart
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.sending import Delivery, Line

DOOR = "https://orders.example.com/in/hub"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def stall() -> FlipkartStall:
    shop = FlipkartStall(flipkart.by_hand())
    shop.offer("LAMP", 9)
    shop.listens(DOOR, "")
    return shop


def kinds(stall: FlipkartStall, status: int = 200) -> list[str]:
    """One round: what came, each answered with this status."""
    seen: list[Delivery] = []
    stall.memory.mail.bring(lambda one: seen.append(one) or status)  # type: ignore[func-returns-value]
    return [json.loads(one.body)["eventType"] for one in seen]


def test_each_is_signed_as_flipkart_signs_and_is_nothing_but_a_hint(stall: FlipkartStall):
    order = stall.buy("LAMP", 2)
    stall.edit(order, 2)
    stall.call_off(order)
    told = {**settings_for("flipkart", "http://127.0.0.1:9", door=DOOR)}
    secret = told["webhook_secret"].encode()
    for _ in range(3):
        for one in stall.memory.mail.take():
            headers = {name.replace("_", "-").lower(): value for name, value in one.headers.items()}
            asked = {"headers": headers, "body": one.body, "secrets": [secret]}
            assert webhooks(PLUG).check(**asked, settings=told) is Verdict.GENUINE
            assert webhooks(PLUG).check(**asked, settings=told | {"notification_url": ""}) is Verdict.FORGED
            topic = webhooks(PLUG).label(headers=headers, path="").topic
            reading = source(PLUG).read_orders(topic=topic, headers={}, body=one.body, received_at=AT)
            assert isinstance(reading, Ignored)
            assert reading.is_hint
            stall.memory.mail.ended(one, is_taken=True)
    assert {Webhooks, OrderSource} <= PLUG.ports.keys()
    assert stall.memory.notices.waiting == {}


def test_what_happens_to_a_shipment_is_told_by_its_name(stall: FlipkartStall):
    order = stall.buy("LAMP", 2)
    assert kinds(stall) == ["shipment_created"]
    stall.edit(order, 1)
    stall.edit(order, 2)
    stall.memory.by_hand("change", {"id": order, "hold": True})
    stall.memory.by_hand("change", {"id": order, "hold": False, "status": "PACKED"})
    found = [kinds(stall) for _ in range(6)]
    assert [name for one in found for name in one] == [
        "shipment_dispatch_dates_changed",
        "shipment_cancelled",
        "shipment_hold",
        "shipment_unhold",
        "shipment_packed",
    ]


def test_one_that_is_turned_away_holds_the_later_ones_of_its_shipment_back(stall: FlipkartStall):
    one, other = stall.buy("LAMP", 1), stall.buy("LAMP", 1)
    stall.edit(one, 1)
    assert sorted(kinds(stall, 401)) == ["shipment_created"] * 2
    stall.edit(other, 1)
    assert sorted(kinds(stall, 503)) == ["shipment_created"] * 2
    assert sorted(kinds(stall)) == ["shipment_created"] * 2
    assert sorted(kinds(stall)) == ["shipment_dispatch_dates_changed"] * 2
    assert kinds(stall) == []


def test_a_bad_line_keeps_the_sequence_of_a_shipment_and_ends(stall: FlipkartStall):
    stall.memory.mail.line = Line(lost=0.2, doubled=0.3, delayed=0.3, corrupt=0.1, is_shuffled=True)
    orders = [stall.buy("LAMP", 2) for _ in range(4)]
    for n in range(20):
        stall.edit(orders[n % 4], 1 + 2 * n)
    seen: dict[str, list[int]] = {}
    statuses = iter([0, 200, 200, 500] * 100)

    def answer(one: Delivery) -> int:
        name, _, number = one.subscription.partition("|")
        seen.setdefault(name, []).append(int(number))
        return next(statuses)

    rounds = 0
    while stall.memory.notices.waiting or len(stall.memory.mail):
        stall.memory.mail.bring(answer)
        rounds += 1
        assert rounds < 200
    firsts = {name: list(dict.fromkeys(numbers)) for name, numbers in seen.items()}
    assert all(numbers == sorted(numbers) for numbers in firsts.values())
    assert sum(map(len, seen.values())) < 150, "what is not taken is sent again, not twice as often"


def test_a_spoiled_one_is_a_hint_or_nothing_that_can_be_read(stall: FlipkartStall):
    stall.memory.mail.line = Line(corrupt=1.0)
    for _ in range(8):
        stall.buy("LAMP", 1)
    for one in stall.memory.mail.take():
        try:
            reading = source(PLUG).read_orders(
                topic="notification", headers={}, body=one.body, received_at=AT
            )
        except Unreadable:
            continue
        assert isinstance(reading, Ignored)
