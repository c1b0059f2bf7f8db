"""The conformance suite of warehouses of others: what we rely on, however often they are asked.

Each check is a function of a stand and raises AssertionError. Against a sandbox or a simulator, run them one
test each, as tests/outside/test_conformance.py does.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

from msgspec.structs import replace

from quartermaster.core.outside import Account, Conflict, Missing
from quartermaster.orders.ports import Address
from quartermaster.outside.ports import Capability, Item, News, Order, Standing, State, Warehouse

GONE = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


class Stand(NamedTuple):
    """A warehouse, an account of its sandbox that carries LAMP and BULB, and what its people do there:
    `ship(reference, items, is_last)` lets a parcel leave, `receive(items)` takes units in (None: its
    receipts cannot be read)."""

    warehouse: Warehouse
    account: Account
    ship: Callable[[str, tuple[Item, ...], bool], None]
    receive: Callable[[tuple[Item, ...]], None] | None = None


type Check = Callable[[Stand], None]


def an_order(reference: str = "") -> Order:
    """Two lamps and a bulb to Berlin, under a reference nobody used before."""
    return Order(
        reference=reference or f"QM-1-{uuid4().hex[:8]}",
        number="SO-1",
        site="RNO",
        receiver=Address(name="Ann Example", line1="Lane 1", city="Berlin", postcode="10115", country="DE"),
        items=(Item("BULB", 1), Item("LAMP", 2)),
        ship_by=datetime(2026, 11, 23, 16, 0, tzinfo=UTC),
    )


def sent(stand: Stand) -> Order:
    order = an_order()
    standing = stand.warehouse.send(account=stand.account, order=order)
    assert standing.reference == order.reference
    assert standing.state in (State.HANDED, State.ACKNOWLEDGED), standing
    return order


def told(stand: Stand, reference: str) -> Standing:
    """What the news say of it, thanked for; a second answer, if there is one, must not contradict it."""
    news = heard(stand, reference)
    found = [one for one in news.standings if one.reference == reference]
    assert found, news
    return found[-1]


def heard(stand: Stand, *references: str, cursor: str = "") -> News:
    news = stand.warehouse.news(account=stand.account, references=references, cursor=cursor)
    stand.warehouse.thank(account=stand.account, news=news)
    return news


def what_was_sent_is_found_by_our_reference(stand: Stand) -> None:
    order = sent(stand)
    found = stand.warehouse.find(account=stand.account, reference=order.reference)
    assert found is not None
    assert found.reference == order.reference


def what_was_never_sent_is_not_found(stand: Stand) -> None:
    assert stand.warehouse.find(account=stand.account, reference=an_order().reference) is None


def the_same_order_sent_twice_is_one_order(stand: Stand) -> None:
    order = sent(stand)
    again = stand.warehouse.send(account=stand.account, order=order)
    assert again.reference == order.reference
    assert again.theirs == stand.warehouse.send(account=stand.account, order=order).theirs
    stand.ship(order.reference, order.items, True)
    assert len(told(stand, order.reference).shipments) == 1


def a_parcel_that_left_is_told_with_its_units(stand: Stand) -> None:
    order = sent(stand)
    stand.ship(order.reference, order.items, True)
    standing = told(stand, order.reference)
    assert standing.state is State.SHIPPED
    (parcel,) = standing.shipments
    assert parcel.tracking_number
    assert parcel.shipped_at.tzinfo is not None
    assert units(parcel.items) == units(order.items)


def units(items: tuple[Item, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in items:
        found[item.sku] = found.get(item.sku, 0) + item.quantity
    return found


def parcels_are_told_apart_and_each_told_the_same_again(stand: Stand) -> None:
    order = sent(stand)
    stand.ship(order.reference, (Item("LAMP", 2),), False)
    first = told(stand, order.reference)
    assert first.state is not State.SHIPPED
    stand.ship(order.reference, (Item("BULB", 1),), True)
    second = told(stand, order.reference)
    assert second.state is State.SHIPPED
    seen = {parcel.reference: parcel.items for parcel in (*first.shipments, *second.shipments)}
    assert [units(items) for _, items in sorted(seen.items(), key=str)] in (
        [{"LAMP": 2}, {"BULB": 1}],
        [{"BULB": 1}, {"LAMP": 2}],
    )


def news_that_were_not_thanked_for_are_told_again(stand: Stand) -> None:
    order = sent(stand)
    stand.ship(order.reference, order.items, True)
    asked = {"references": [order.reference], "cursor": ""}
    first = stand.warehouse.news(account=stand.account, **asked)  # type: ignore[arg-type]
    again = stand.warehouse.news(account=stand.account, **asked)  # type: ignore[arg-type]
    assert first.standings == again.standings
    assert first.standings
    for _ in range(2):
        stand.warehouse.thank(account=stand.account, news=again)


def what_was_cancelled_is_cancelled_however_often_it_is_asked(stand: Stand) -> None:
    if Capability.CANCEL not in stand.warehouse.capabilities:
        return
    order = sent(stand)
    for _ in range(2):
        standing = stand.warehouse.cancel(
            account=stand.account, reference=order.reference, because="not wanted"
        )
        assert standing.state in (State.CANCELLED, State.ACKNOWLEDGED, State.HANDED)
    if standing.state is State.CANCELLED:
        found = stand.warehouse.find(account=stand.account, reference=order.reference)
        assert found is not None
        assert found.state is State.CANCELLED


def what_left_cannot_be_cancelled(stand: Stand) -> None:
    order = sent(stand)
    stand.ship(order.reference, order.items, True)
    with suppress(Conflict):
        standing = stand.warehouse.cancel(account=stand.account, reference=order.reference, because="late")
        assert standing.state is not State.CANCELLED
    assert told(stand, order.reference).state is State.SHIPPED


def what_was_never_sent_cannot_be_cancelled(stand: Stand) -> None:
    try:
        stand.warehouse.cancel(account=stand.account, reference=an_order().reference, because="never was")
    except (Missing, Conflict):
        return
    raise AssertionError("it cancelled what it never had")


def a_report_of_stock_names_units(stand: Stand) -> None:
    if Capability.SNAPSHOT not in stand.warehouse.capabilities:
        return
    report = stand.warehouse.snapshot(account=stand.account)
    assert report is not None
    assert report.taken_at.tzinfo is not None
    assert report.reference
    assert all(count >= 0 for count in report.on_hand.values())


def a_receipt_is_told_once_behind_its_cursor(stand: Stand) -> None:
    if Capability.RECEIPTS not in stand.warehouse.capabilities or stand.receive is None:
        return
    before = heard(stand)
    stand.receive((Item("LAMP", 7),))
    news = heard(stand, cursor=before.cursor)
    assert [units(receipt.items) for receipt in news.receipts] == [{"LAMP": 7}]
    after = heard(stand, cursor=news.cursor)
    assert {r.reference for r in after.receipts} <= {r.reference for r in news.receipts}


def a_reference_is_enough_to_send_the_same_order_elsewhere(stand: Stand) -> None:
    """Two references are two orders, also with the same content."""
    one, other = sent(stand), sent(stand)
    assert one.reference != other.reference
    assert replace(one, reference="") == replace(other, reference="")
    found = [stand.warehouse.find(account=stand.account, reference=o.reference) for o in (one, other)]
    assert all(found)


CHECKS: tuple[Check, ...] = (
    what_was_sent_is_found_by_our_reference,
    what_was_never_sent_is_not_found,
    the_same_order_sent_twice_is_one_order,
    a_parcel_that_left_is_told_with_its_units,
    parcels_are_told_apart_and_each_told_the_same_again,
    news_that_were_not_thanked_for_are_told_again,
    what_was_cancelled_is_cancelled_however_often_it_is_asked,
    what_left_cannot_be_cancelled,
    what_was_never_sent_cannot_be_cancelled,
    a_report_of_stock_names_units,
    a_receipt_is_told_once_behind_its_cursor,
    a_reference_is_enough_to_send_the_same_order_elsewhere,
)
