"""Parcels of the past: kept as told, quiet and once; their deliveries too."""

from datetime import date, timedelta
from typing import Any

import pytest

from quartermaster.core import doctor, sql
from quartermaster.core.kept import Became, Kept
from quartermaster.testing.builders import a_location
from quartermaster.testing.past import LEARNT_AT, PLACED_AT, Past, past_line, past_order
from quartermaster.tracking.actions.remember import remember_deliveries
from quartermaster.tracking.rules.history import PastDelivery
from quartermaster.warehouse.actions.remember import remember_hand_overs, remember_parcels
from quartermaster.warehouse.rules.history import PastHandOver, PastParcel

pytestmark = pytest.mark.django_db
LEFT_AT = PLACED_AT + timedelta(days=2)
CAME_AT = PLACED_AT + timedelta(days=9)


@pytest.fixture
def past(db: None) -> Past:
    return Past()


def remember(past: Past, *parcels: PastParcel) -> list[Kept]:
    return remember_parcels(parcels, connection_id=past.id, at=LEARNT_AT, by="test")


def parcel(order: str, external_id: str = "1", **different: Any) -> PastParcel:
    return PastParcel(order=order, external_id=external_id, **different)


def test_a_parcel_knows_what_was_in_it_when_it_left_and_what_was_promised(past: Past) -> None:
    a_location("SELLER-1")
    by = PLACED_AT + timedelta(days=7)
    past.orders(past_order("A1", promised_by=by, promised_on=date(2026, 3, 8)))
    past.lines(past_line("A1", ordered=2), past_line("A1", "2", ordered=3))
    lines = (("1", None), ("2", 1))
    (kept,) = remember(past, parcel("A1", location="SELLER-1", handed_over_at=LEFT_AT, lines=lines))
    assert kept.became is Became.NEW
    told = "state, handed_over_at, promised_by, promised_on, location_id is not null"
    assert sql.run(f"select {told} from warehouse_parcel") == [
        ("handed_over", LEFT_AT, by, date(2026, 3, 8), True)
    ]
    assert sql.run("select quantity from warehouse_parcel_item order by line_id") == [(2,), (1,)]
    assert sql.run("select name, at from core_event where name like 'Parcel%%'") == [
        ("ParcelHandedOver", LEFT_AT)
    ]
    assert doctor.checks
    assert [found for found in doctor.examine() if not found.is_ok] == []


def test_the_same_parcel_told_twice_changes_nothing(past: Past) -> None:
    past.sold("A1")
    told = parcel("A1", handed_over_at=LEFT_AT, lines=(("1", None),), tracking_number="T1")
    assert [remember(past, told)[0].became for _ in range(2)] == [Became.NEW, Became.SAME]
    (changed,) = remember(past, parcel("A1", tracking_number="T2"))
    assert changed.became is Became.CHANGED
    assert sql.run("select tracking_number, handed_over_at from warehouse_parcel") == [("T2", LEFT_AT)]
    assert sql.run("select count(*) from core_event where name = 'ParcelHandedOver'") == [(1,)]


def test_rows_of_one_parcel_are_one_parcel_in_one_batch_or_in_several(past: Past) -> None:
    for order, apart in (("A1", False), ("A2", True)):
        past.sold(order, lines=[past_line(order), past_line(order, "2"), past_line(order, "3")])
        rows = [
            parcel(order, ship_by=PLACED_AT + timedelta(days=days), lines=((line, None),))
            for line, days in (("1", 1), ("2", 3), ("3", 2))
        ]
        for batch in [[row] for row in rows] if apart else [rows]:
            remember(past, *batch)
    assert (
        sql.run(
            "select p.ship_by, count(*) from warehouse_parcel p "
            "join warehouse_parcel_item i on i.parcel_id = p.id "
            "group by p.id"
        )
        == [(PLACED_AT + timedelta(days=3), 3)] * 2
    )


def test_what_never_left_is_not_in_our_house(past: Past) -> None:
    past.sold("A1", "open")
    past.sold("A2", "cancelled")
    past.sold("A3", "shipped")
    remember(past, parcel("A1"), parcel("A2"), parcel("A3"))
    assert sql.run("select state from warehouse_parcel order by id") == [
        ("cancelled",),
        ("cancelled",),
        ("handed_over",),
    ]


def test_parcels_of_nothing_known_are_refused_one_by_one(past: Past) -> None:
    past.sold("A1")
    lost, nowhere, empty, good = remember(
        past,
        parcel("no such order"),
        parcel("A1", "1", location="NOWHERE"),
        parcel("A1", "2", lines=(("9", None),)),
        parcel("A1", "3"),
    )
    assert "there is no order no such order" in lost.because
    assert "there is no location NOWHERE" in nowhere.because
    assert "A1 has no line 9" in empty.because
    assert good.became is Became.NEW


def test_a_delivery_for_the_order_is_one_for_each_of_its_parcels(past: Past) -> None:
    past.sold("A1", lines=[past_line("A1"), past_line("A1", "2")])
    remember(past, parcel("A1", "x"), parcel("A1", "y"))
    left = [PastHandOver(order="A1", at=LEFT_AT)]
    came = [PastDelivery(order="A1", at=CAME_AT)]
    for changed in (2, 0):
        hand_overs = remember_hand_overs(left, connection_id=past.id, at=LEARNT_AT, by="test")
        deliveries = remember_deliveries(came, connection_id=past.id, at=LEARNT_AT, by="test")
        assert (len(hand_overs), len(deliveries)) == (changed, changed)
    assert sql.run("select handed_over_at from warehouse_parcel") == [(LEFT_AT,)] * 2
    assert (
        sql.run("select status, delivered_at, delivered_recorded_at from tracking_track")
        == [("delivered", CAME_AT, LEARNT_AT)] * 2
    )
    assert sql.run(
        "select name, count(*) from core_event where name like 'Parcel%%' group by 1 order by 1"
    ) == [
        ("ParcelDelivered", 2),
        ("ParcelHandedOver", 2),
    ]


def test_a_delivery_told_otherwise_is_corrected(past: Past) -> None:
    past.sold("A1")
    remember(past, parcel("A1"))
    for days in (9, 8):
        came = [PastDelivery(order="A1", external_id="1", at=PLACED_AT + timedelta(days=days))]
        assert len(remember_deliveries(came, connection_id=past.id, at=LEARNT_AT, by="test")) == 1
    right = PLACED_AT + timedelta(days=8)
    assert sql.run("select delivered_at from tracking_track") == [(right,)]
    assert sql.run("select at from tracking_scan") == [(right,)]


def test_it_arrived_so_it_left_whenever_that_was(past: Past) -> None:
    past.sold("A1", "cancelled")
    remember(past, parcel("A1"))
    told = [PastHandOver(order="A1", at=None, is_delivered=True)]
    remember_hand_overs(told, connection_id=past.id, at=LEARNT_AT, by="test")
    assert remember(past, parcel("A1"))[0].became is Became.SAME
    assert sql.run("select state, handed_over_at from warehouse_parcel") == [("handed_over", None)]
