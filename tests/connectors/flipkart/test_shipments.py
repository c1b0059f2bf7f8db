"""What Flipkart's shipments become, over recordings of an invented seller."""

import json
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

from quartermaster.connectors import flipkart
from quartermaster.connectors.flipkart.translate import HINT, read
from quartermaster.orders.ports import Ignored, OrderSold, PaymentState, Unreadable

RECORDINGS = Path(flipkart.__file__).parent / "recordings"
AT = datetime(2026, 11, 27, tzinfo=UTC)


def sold(name: str, **changed: object) -> OrderSold:
    body = {**json.loads((RECORDINGS / f"shipment_{name}.json").read_text()), **changed}
    (one,) = read(topic="shipment", body=json.dumps(body).encode(), received_at=AT)
    assert isinstance(one, OrderSold)
    return one


def test_an_order_is_a_shipment_and_bears_the_customers_order_as_its_name() -> None:
    one = sold("approved")
    assert (one.external_id[-4:], one.external_name) == ("9001", "OD930011220044000")
    assert [(line.code, line.ordered, line.gross_minor) for line in one.lines] == [
        ("KETTLE-1L", 1, 149900),
        ("MUG-STONE", 2, 59850),
    ]
    assert one.doubts == ()


def test_rupees_are_exact_and_moments_are_in_utc() -> None:
    one = sold("approved")
    assert (one.totals.items, one.totals.shipping, one.totals.total) == (209750, 4000, 213750)
    assert (one.currency, one.is_tax_included) == ("INR", True)
    assert one.placed_at == datetime(2026, 11, 20, 12, 45, 57, tzinfo=UTC)


def test_cash_is_collected_on_delivery_and_what_is_prepaid_is_paid() -> None:
    assert sold("approved").payment_state is PaymentState.ON_DELIVERY
    prepaid = sold("prepaid")
    assert (prepaid.payment_state, prepaid.totals.paid) == (PaymentState.PAID, 299900)


def test_it_waits_for_its_date_and_is_due_by_another() -> None:
    one = sold("approved")
    assert one.asks_hold == ("Flipkart lets it be dispatched after 2026-11-21 04:00 UTC, not before.",)
    assert one.asks_hold_until == datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
    assert one.ship_by == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def test_a_hold_of_flipkarts_ends_when_flipkart_says_so() -> None:
    one = sold("on_hold")
    assert (one.asks_hold, one.asks_hold_until) == (("Flipkart has it on hold.",), None)


def test_it_has_no_address_because_flipkart_ships_it() -> None:
    assert (sold("approved").ship_to, sold("approved").is_shipped_by_channel) == (None, True)
    assert not sold("approved", shipmentType="SELF").is_shipped_by_channel


def test_a_split_shipment_is_told_anew_with_less_in_it() -> None:
    whole, rest, other = sold("approved"), sold("split"), sold("split_off")
    assert rest.version > whole.version
    assert rest.external_id == whole.external_id != other.external_id
    assert sorted(line.external_id for line in (*rest.lines, *other.lines)) == sorted(
        line.external_id for line in whole.lines
    )


def test_the_newest_version_is_the_same_whichever_comes_first() -> None:
    told = [sold(name) for name in ("approved", "on_hold", "split", "packed", "delivered")]
    for order in permutations(told):
        assert max(order, key=lambda one: one.version).lines[0].fulfilled == 1


def test_parts_of_an_item_are_one_line() -> None:
    (line,) = sold("part_cancelled").lines
    assert (line.ordered, line.cancelled, line.gross_minor) == (2, 1, 59850)
    assert not sold("part_cancelled").is_cancelled


def test_a_shipment_whose_items_are_all_cancelled_is_cancelled() -> None:
    one = sold("cancelled")
    assert one.is_cancelled
    assert one.cancelled_because == "Cancelled at Flipkart: seller_cancellation, not_enough_inventory."
    assert one.payment_state is PaymentState.VOIDED


def test_a_replacement_is_one_by_either_of_its_names() -> None:
    assert sold("replacement").tags == ("replacement",)
    assert sold("approved").tags == ()


def test_what_lies_at_flipkart_is_not_ours_to_send() -> None:
    body = json.loads((RECORDINGS / "shipment_approved.json").read_text())
    body["orderItems"][0]["serviceProfile"] = "FBF"
    (one,) = read(topic="", body=json.dumps(body).encode(), received_at=AT)
    assert isinstance(one, OrderSold)
    assert [line.is_shippable for line in one.lines] == [False, True]


def test_a_state_nobody_knows_and_a_total_that_does_not_add_up_are_doubts() -> None:
    body = json.loads((RECORDINGS / "shipment_approved.json").read_text())
    body["orderItems"][0] |= {"status": "TELEPORTED"}
    body["orderItems"][1]["priceComponents"]["totalPrice"] = 600.0
    (one,) = read(topic="", body=json.dumps(body).encode(), received_at=AT)
    assert isinstance(one, OrderSold)
    assert one.doubts == (
        "item 11930011220044001: the status 'TELEPORTED' is none of Flipkart's own.",
        "item 11930011220044002 comes to INR 600.00, not to INR 598.50 and INR 0.00 for shipping.",
    )


def test_a_notification_is_a_hint_even_when_it_looks_like_a_shipment() -> None:
    for name in ("notification_created", "notification_of_no_known_type", "shipment_approved"):
        body = (RECORDINGS / f"{name}.json").read_bytes()
        assert isinstance(read(topic=HINT, body=body, received_at=AT), Ignored)


@pytest.mark.parametrize("body", [b"[]", b"[1]", b'{"shipmentId": "", "orderItems": []}'])
def test_what_is_no_shipment_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(topic="shipment", body=body, received_at=AT)
