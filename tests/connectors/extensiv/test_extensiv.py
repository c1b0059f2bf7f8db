"""Extensiv against everything we rely on, and every way its server goes wrong."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from quartermaster.connectors.extensiv import translate
from quartermaster.connectors.extensiv.notices import Notices
from quartermaster.connectors.extensiv.warehouse import Extensiv
from quartermaster.core.outside import Account, Invalid
from quartermaster.outside.ports import Item
from quartermaster.testing.conformance import notices, outside_faults
from quartermaster.testing.conformance.outside import CHECKS, Check, Stand, an_order, heard, units
from quartermaster.testing.conformance.outside_faults import Faulty
from quartermaster.testing.simulators.extensiv import SETTINGS
from quartermaster.testing.simulators.extensiv import Extensiv as Vendor
from quartermaster.testing.simulators.server import FAULTS, Simulator


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(Vendor(), slow_s=0.01) as simulator:
        yield simulator


@pytest.fixture
def stand(running: Simulator) -> Stand:
    running.faults.clear()
    vendor = running.vendor
    assert isinstance(vendor, Vendor)

    def ship(reference: str, items: tuple[Item, ...], is_last: bool) -> None:
        vendor.ship(reference, units(items), is_last)

    def receive(items: tuple[Item, ...]) -> None:
        vendor.confirm(vendor.receive(units(items)))

    return Stand(Extensiv(), Account("reno", {**SETTINGS, "api_url": running.url}), ship, receive)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_extensiv(check: Check, stand: Stand):
    check(stand)


OPERATIONS = {"news": "find", "receipts": "receivers"}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("check", outside_faults.CHECKS, ids=lambda check: check.__name__)
def test_extensiv_that_misbehaves(check: outside_faults.Check, fault: str, stand: Stand, running: Simulator):
    vendor = running.vendor
    assert isinstance(vendor, Vendor)

    def orders(reference: str) -> int:
        return sum(order["referenceNum"] == reference for order in vendor.orders.values())

    check(Faulty(stand, lambda call: running.misbehave(OPERATIONS.get(call, call), fault), orders))


def test_what_they_do_not_carry_is_refused_in_their_words(stand: Stand):
    with pytest.raises(Invalid, match="no item VASE"):
        stand.warehouse.send(account=stand.account, order=replace(an_order(), items=(Item("VASE", 1),)))


def test_a_moment_without_a_zone_is_the_facility_s(stand: Stand):
    order = an_order()
    stand.warehouse.send(account=stand.account, order=order)
    stand.ship(order.reference, order.items, True)
    found = stand.warehouse.find(account=stand.account, reference=order.reference)
    assert found is not None
    assert found.shipments[0].shipped_at.isoformat() == "2026-11-20T16:00:00+00:00"


def test_half_a_unit_is_not_understood():
    with pytest.raises(translate.NotUnderstood):
        translate.snapshot({"summaries": [{"itemIdentifier": {"sku": "A"}, "onHand": "2.5"}]}, None)  # type: ignore[arg-type]


def test_a_receipt_is_told_when_it_is_confirmed_with_what_was_short_over_and_damaged(
    stand: Stand, running: Simulator
):
    vendor = running.vendor
    assert isinstance(vendor, Vendor)
    before = heard(stand)
    number = vendor.receive({"LAMP": 8, "BULB": 5}, expected={"LAMP": 10, "BULB": 4})
    held = vendor.receive({"LAMP": 3}, is_held=True)
    waiting = heard(stand, cursor=before.cursor)
    assert waiting.receipts == ()
    vendor.confirm(number)
    vendor.confirm(held)

    first, second = heard(stand, cursor=waiting.cursor).receipts
    assert (first.reference, first.items) == (str(number), (Item("LAMP", 8), Item("BULB", 5)))
    assert first.because == f"for PO-{number}, 2 × LAMP short, 1 × BULB over"
    assert second.items == (Item("LAMP", 3, is_damaged=True),)


@pytest.fixture
def told(running: Simulator) -> notices.Stand:
    running.faults.clear()
    vendor = running.vendor
    assert isinstance(vendor, Vendor)

    def expected(reference: str) -> list[dict[str, int]]:
        return [units for status, units in vendor.expected(reference) if status == 0]

    def received(reference: str) -> None:
        number = next(n for n, each in vendor.receivers.items() if each["referenceNum"] == reference)
        vendor.confirm(number)

    return notices.Stand(Notices(), Account("reno", {**SETTINGS, "api_url": running.url}), expected, received)


@pytest.mark.parametrize("check", notices.CHECKS, ids=lambda check: check.__name__)
def test_what_will_come_in(check: notices.Check, told: notices.Stand):
    check(told)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_will_come_in_is_told_once_whatever_goes_wrong(
    fault: str, told: notices.Stand, running: Simulator
):
    notices.announced_amended_and_withdrawn(told, lambda call: running.misbehave(call, fault))


def test_what_they_received_of_a_notice_names_it(told: notices.Stand, stand: Stand):
    assert told.received is not None
    cursor = heard(stand).cursor
    notice = notices.a_notice()
    told.announce(notice)
    told.received(notice.reference)
    (receipt,) = [one for one in heard(stand, cursor=cursor).receipts if one.notice == notice.reference]
    assert units(receipt.items) == {"BULB": 4, "LAMP": 10}


def test_what_they_do_not_carry_is_not_announced(told: notices.Stand):
    with pytest.raises(Invalid, match="no item VASE"):
        told.announce(replace(notices.a_notice(), items=(Item("VASE", 1),)))
