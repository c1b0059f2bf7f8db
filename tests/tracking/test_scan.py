"""Taking scans in: once each, whatever the sequence, and lines that follow."""

from datetime import timedelta
from itertools import permutations

import pytest

from quartermaster.core import sql
from quartermaster.tracking.actions import Outcome, scan
from quartermaster.tracking.ports import ScanTold
from quartermaster.tracking.queries import one

from .conftest import SENT, Road


def test_a_delivery_is_counted_on_the_line_and_ends_the_order(road: Road):
    order = road.order(("LAMP", 2))
    parcel = road.sent(order, ("LAMP", "LAMP", 2))
    road.tell((parcel, 2, "accepted"), (parcel, 30, "delivered"))
    assert road.delivered(order) == {"LAMP": 2}
    assert road.status(order) == "delivered"
    assert road.facts() == [("ParcelDelivered", "")]
    found = one(parcel)
    assert (found.status, found.delivered_at) == ("delivered", SENT + timedelta(hours=30))
    assert [told.status for told in found.scans] == ["delivered", "accepted"]


def test_a_delivery_taken_back_is_counted_off_again(road: Road):
    order = road.order(("LAMP", 1))
    parcel = road.sent(order, ("LAMP", "LAMP", 1))
    road.tell((parcel, 30, "delivered"))
    road.tell((parcel, 31, "exception"))
    assert road.delivered(order) == {"LAMP": 0}
    assert road.status(order) == "shipped"
    assert road.facts() == [("ParcelDelivered", ""), ("ParcelUndelivered", "exception")]


@pytest.mark.parametrize("sequence", list(permutations(range(3))))
def test_scans_told_one_by_one_in_any_sequence_end_the_same(road: Road, sequence: tuple[int, ...]):
    order = road.order(("LAMP", 1))
    parcel = road.sent(order, ("LAMP", "LAMP", 1))
    told = [(parcel, 2, "accepted"), (parcel, 30, "delivered"), (parcel, 31, "in_transit")]
    for n in sequence:
        road.tell(told[n], told[n])
    assert road.delivered(order) == {"LAMP": 1}
    assert one(parcel).status == "delivered"


def test_what_was_told_before_changes_nothing_and_is_not_told_on(road: Road):
    order = road.order(("LAMP", 1))
    parcel = road.sent(order, ("LAMP", "LAMP", 1))
    first = road.tell((parcel, 2, "accepted"), (parcel, 2, "accepted"))
    again = road.tell((parcel, 2, "accepted"))
    assert [each.outcome for each in first] == [Outcome.NEW, Outcome.KNOWN]
    assert [each.outcome for each in again] == [Outcome.KNOWN]
    assert road.facts() == [("ParcelScanned", "accepted")]
    assert sql.run("select count(*) from tracking_scan") == [(1,)]


def test_whole_kits_are_delivered_when_all_their_parts_are(road: Road):
    order = road.order(("SET", 2))
    first = road.parcel(order, ("SET", "BULB", 4))
    second = road.parcel(order, ("SET", "SHADE", 2))
    road.leave(order)
    for parcel in (first, second):
        road.hand_over(order, parcel)
    road.tell((first, 20, "delivered"))
    assert road.delivered(order) == {"SET": 0}
    road.tell((second, 21, "delivered"))
    assert road.delivered(order) == {"SET": 2}
    assert road.status(order) == "delivered"


def test_a_kit_that_was_put_together_anew_since_still_arrives(road: Road):
    order = road.order(("SET", 2))
    parcel = road.sent(order, ("SET", "BULB", 4), ("SET", "SHADE", 2))
    sql.run("delete from catalog_kit_leaf where part_id = (select id from catalog_sku where code = 'BULB')")
    road.tell((parcel, 20, "delivered"))
    assert road.delivered(order) == {"SET": 2}


def test_a_kit_counts_by_the_parts_it_was_promised_not_by_those_of_today(road: Road):
    order = road.order(("SET", 2))
    first = road.parcel(order, ("SET", "BULB", 2), ("SET", "SHADE", 1))
    second = road.sent(order, ("SET", "BULB", 2), ("SET", "SHADE", 1))
    sql.run("update catalog_kit_leaf set quantity = 4 where quantity = 2")
    road.tell((first, 20, "delivered"))
    assert road.delivered(order) == {"SET": 1}
    road.tell((second, 21, "delivered"))
    assert road.delivered(order) == {"SET": 2}


def test_a_delivery_told_before_the_hand_over_counts_when_that_comes(road: Road):
    order = road.order(("LAMP", 1))
    parcel = road.parcel(order, ("LAMP", "LAMP", 1), handed_over=None)
    road.tell((parcel, 5, "delivered"))
    assert road.delivered(order) == {"LAMP": 0}
    road.leave(order)
    sql.run("update warehouse_parcel set state = 'handed_over', handed_over_at = %s", (SENT,))
    road.hand_over(order, parcel)
    assert road.delivered(order) == {"LAMP": 1}


def test_a_label_is_followed_from_its_purchase(road: Road):
    order = road.order(("LAMP", 1))
    parcel = road.parcel(order, ("LAMP", "LAMP", 1), handed_over=None)
    road.label(order, parcel)
    found = one(parcel)
    assert (found.status, found.first_scan_at) == ("pre_transit", None)
    assert [told.message for told in found.scans] == ["Label bought: post parcel"]


def test_a_number_used_again_means_the_newest_parcel_and_an_unknown_one_is_said(road: Road):
    order = road.order(("LAMP", 3))
    road.parcel(order, number="T1")
    newest = road.parcel(order, number="T1")
    road.parcel(order, number="T1", carrier="express")
    answers = scan(
        [
            ScanTold(at=SENT, tracking_number="T1", carrier="POST", code="EMA"),
            ScanTold(at=SENT, tracking_number="T9", code="EMA"),
            ScanTold(at=SENT, parcel_id=999_999_999, code="EMA"),
            ScanTold(at=SENT, code="EMA"),
        ],
        source="test",
        at=SENT,
        by="test",
    )
    assert [(each.outcome, each.parcel_id) for each in answers] == [
        (Outcome.NEW, newest),
        (Outcome.NO_PARCEL, None),
        (Outcome.NO_PARCEL, None),
        (Outcome.NO_PARCEL, None),
    ]
    assert answers[0].status == "accepted"
    assert answers[1].because == "There is no parcel with number 'T9'."


def test_an_unknown_code_is_kept_and_leaves_the_status_alone(road: Road):
    order = road.order(("LAMP", 1))
    parcel = road.sent(order, ("LAMP", "LAMP", 1))
    road.tell((parcel, 2, "accepted"))
    told = ScanTold(at=SENT + timedelta(hours=3), parcel_id=parcel, code="X9", message="???")
    (answer,) = scan([told], source="test", at=SENT + timedelta(hours=3), by="test")
    assert (answer.outcome, answer.status) == (Outcome.NEW, "unknown")
    assert one(parcel).status == "accepted"
    assert one(parcel).scans[0].code == "X9"


def test_a_scan_from_the_future_is_refused(road: Road):
    order = road.order(("LAMP", 1))
    parcel = road.sent(order, ("LAMP", "LAMP", 1))
    (answer,) = road.tell((parcel, 30, "delivered"), at=SENT)
    assert (answer.outcome, answer.because) == (Outcome.REFUSED, "It lies in the future.")
    assert one(parcel).scans == ()


def test_fifty_scans_cost_what_two_cost(road: Road):
    def cost(count: int) -> int:
        order = road.order(("LAMP", 1))
        parcels = [road.parcel(order) for _ in range(count)]
        told = [ScanTold(at=SENT, parcel_id=each, status="delivered") for each in parcels]
        with sql.counted() as statements:
            scan(told, source="test", at=SENT, by="test")
        return len(statements)

    assert cost(2) == cost(50) <= 7
