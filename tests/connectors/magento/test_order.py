"""What a Magento order says."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.orders.ports import Ignored, OrderSold, PaymentState, Unreadable

from .bodies import an_item, an_order, read, sold

MONEY = st.integers(0, 10**6)


def a_configurable(**told: object) -> list[dict[str, object]]:
    parent = an_item(
        item_id=21, sku="MUG-RED", name="Mug", product_type="configurable", qty_ordered=2, **told
    )
    return [parent, an_item(item_id=22, parent_item_id=21, sku="MUG-RED", product_id=8, base_row_total=0)]


def a_bundle(whole: dict[str, object], *parts: dict[str, object]) -> list[dict[str, object]]:
    row = an_item(item_id=30, sku="KIT-A-B", product_type="bundle", **whole)
    return [row, *(an_item(item_id=31 + n, parent_item_id=30, **part) for n, part in enumerate(parts))]


def test_moments_are_in_utc_and_amounts_exact():
    order = sold(an_order(items=[an_item(base_price=0.1 + 0.2, qty_ordered=3, base_row_total=0.8999)]))

    assert order.placed_at == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert (order.lines[0].unit_price_minor, order.lines[0].gross_minor) == (30, 90)


def test_a_configurable_is_one_line_with_the_childs_sku_and_the_parents_money_and_id():
    (line,) = sold(an_order(items=a_configurable(base_row_total=20, qty_shipped=1))).lines

    assert (line.external_id, line.code, line.channel_product) == ("21", "MUG-RED", "8")
    assert (line.ordered, line.fulfilled, line.gross_minor) == (2, 1, 2000)


def test_the_parts_of_a_bundle_are_lines_that_share_what_it_cost():
    parts = ({"sku": "A", "qty_ordered": 2, "base_row_total": 0}, {"sku": "B", "base_row_total": 0})
    order = sold(an_order(items=a_bundle({"base_row_total": 10, "base_tax_amount": 1.9}, *parts)))

    assert [(line.code, line.gross_minor, line.tax_minor) for line in order.lines] == [
        ("A", 667, 127),
        ("B", 333, 63),
    ]


def test_parts_that_say_what_they_cost_keep_it():
    parts = ({"base_row_total": 6, "base_discount_amount": 1}, {"base_row_total": 3})
    order = sold(an_order(items=a_bundle({"base_row_total": 10}, *parts)))

    assert [(line.gross_minor, line.discount_minor) for line in order.lines] == [(700, 100), (300, 0)]


def test_a_bundle_that_was_shipped_by_its_own_row_ships_its_parts():
    bundle = a_bundle({"qty_ordered": 2, "qty_shipped": 1}, {"qty_ordered": 4}, {"qty_ordered": 2})

    assert [line.fulfilled for line in sold(an_order(items=bundle)).lines] == [2, 1]


@given(st.lists(st.tuples(MONEY, st.integers(1, 9)), min_size=2, max_size=5), MONEY, MONEY, MONEY)
def test_what_a_bundle_cost_is_shared_to_the_cent(
    parts: list[tuple[int, int]], gross: int, off: int, tax: int
):
    whole = {"base_row_total": (gross - off) / 100, "base_discount_amount": off / 100}
    told = [{"base_row_total": worth / 100, "qty_ordered": units} for worth, units in parts]
    lines = sold(an_order(items=a_bundle({**whole, "base_tax_amount": tax / 100}, *told))).lines

    assert sum(line.gross_minor for line in lines) == (gross or sum(worth for worth, _ in parts))
    assert (sum(line.discount_minor for line in lines), sum(line.tax_minor for line in lines)) == (off, tax)


def test_discounts_with_tax_in_them_are_told_without_it():
    item = an_item(
        base_row_total=88.1,
        base_discount_amount=11.9,
        base_discount_tax_compensation_amount=1.9,
        base_tax_amount=17.1,
    )
    told = {"base_discount_amount": -11.9, "base_discount_tax_compensation_amount": 1.9}
    order = sold(an_order(items=[item], base_grand_total=107.1, base_tax_amount=17.1, **told))

    assert (order.lines[0].discount_minor, order.totals.discount, order.doubts) == (1000, 1000, ())


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ({}, (0, 0, 0)),
        ({"qty_shipped": 2}, (0, 2, 0)),
        ({"qty_canceled": 1, "qty_shipped": 2}, (1, 2, 0)),
        ({"qty_refunded": 1}, (1, 0, 0)),
        ({"qty_refunded": 1, "qty_shipped": 3}, (0, 3, 0)),
        ({"qty_refunded": 1, "qty_shipped": 2}, (0, 2, 0)),
        ({"qty_refunded": 3, "qty_shipped": 1, "qty_returned": 1}, (2, 1, 1)),
    ],
)
def test_units_taken_off_are_those_cancelled_or_refunded_before_they_left(
    moved: dict[str, object], expected: tuple[int, int, int]
):
    (line,) = sold(an_order(items=[an_item(qty_ordered=3, **moved)])).lines

    assert (line.cancelled, line.fulfilled, line.returned) == expected


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, PaymentState.PAID),
        ({"base_total_paid": 4}, PaymentState.PARTLY_PAID),
        ({"base_total_paid": None, "state": "new"}, PaymentState.PENDING),
        (
            {"base_total_paid": None, "payment": {"method": "braintree", "base_amount_authorized": 10}},
            PaymentState.AUTHORISED,
        ),
        ({"base_total_paid": None, "payment": {"method": "cashondelivery"}}, PaymentState.ON_DELIVERY),
        ({"base_total_paid": None, "state": "canceled"}, PaymentState.VOIDED),
        ({"base_total_refunded": 3}, PaymentState.PARTLY_REFUNDED),
        ({"base_total_refunded": 10, "state": "closed"}, PaymentState.REFUNDED),
    ],
)
def test_payment_is_told_by_what_was_paid(told: dict[str, object], state: PaymentState):
    assert sold(an_order(**told)).payment_state is state


def test_whether_refunded_units_had_left_is_a_doubt_unless_the_order_is_over():
    item = an_item(qty_ordered=3, qty_shipped=2, qty_refunded=1)
    sent, complete = sold(an_order(items=[item])), sold(an_order(items=[item], state="complete"))

    assert any("still wanted" in doubt for doubt in sent.doubts)
    assert not any("still wanted" in doubt for doubt in complete.doubts)
    assert complete.lines[0].cancelled == 1
    left = sold(an_order(items=[an_item(qty_ordered=3, qty_shipped=2)], state="complete"))
    assert any("1 have not left" in doubt for doubt in left.doubts)


PRICES = {"base_price": 8.39, "qty_ordered": 3, "base_tax_amount": 4.79}


@pytest.mark.parametrize(
    ("row", "subtotal"),
    [
        ({"base_row_total": 25.18}, 25.18),
        ({"base_row_total": 15.18, "base_discount_amount": 10}, 25.18),
        ({"base_row_total": 8.39, "base_row_total_incl_tax": 29.97}, 25.18),
        ({"base_row_total": 0, "base_discount_amount": 29.97, "base_row_total_incl_tax": 0}, 25.18),
        ({"base_row_total": 8.39, "base_row_total_incl_tax": 13.18}, 25.17),
        ({"base_row_total": 25.18, "base_discount_amount": 10, "base_row_total_incl_tax": 29.97}, 25.18),
    ],
    ids=["whole", "discounted", "of 2.4.8", "given away", "by units", "as it was counted"],
)
def test_what_a_row_cost_is_what_comes_to_the_subtotal(row: dict[str, object], subtotal: float):
    taxed = {**PRICES, **row} if row["base_row_total"] else {**PRICES, **row, "base_tax_amount": 0}
    compensated = {**taxed, "base_discount_tax_compensation_amount": 0 if row["base_row_total"] else 4.79}
    (line,) = sold(an_order(items=[an_item(**compensated)], base_subtotal=subtotal)).lines

    assert line.gross_minor == round(subtotal * 100)


def test_of_a_closed_order_nothing_is_sent_any_more():
    order = sold(an_order(state="closed", items=[an_item(qty_ordered=3, qty_shipped=1)]))

    assert (order.lines[0].cancelled, order.lines[0].fulfilled) == (2, 1)


@pytest.mark.parametrize("state", ["holded", "payment_review"])
def test_what_magento_holds_is_held(state: str):
    assert sold(an_order(state=state)).asks_hold


def test_what_is_picked_up_is_held_and_downloads_are_not_sent():
    assert (
        "picks it up at altona"
        in sold(an_order(extension_attributes={"pickup_location_code": "altona"})).asks_hold[0]
    )
    assert not sold(an_order(items=[an_item(is_virtual=1)])).lines[0].is_shippable


def test_a_state_nobody_knows_is_a_doubt():
    assert "'odd'" in sold(an_order(state="odd")).doubts[0]


def test_the_shops_own_currency_counts():
    order = sold(an_order(order_currency_code="JPY", grand_total=1630))

    assert (order.currency, order.totals.total) == ("EUR", 1000)
    assert (order.presentment_currency, order.presentment_total_minor) == ("JPY", 1630)


def test_gift_cards_pay_and_take_nothing_off():
    extension = {"base_gift_cards_amount": 4}
    order = sold(an_order(base_grand_total=6, base_total_paid=6, extension_attributes=extension))

    assert (order.totals.total, order.totals.paid, order.payment_state) == (1000, 1000, PaymentState.PAID)
    assert {(tender.kind, tender.amount_minor) for tender in order.tenders} == {
        ("gift_card", 400),
        ("card", 600),
    }


def test_fixed_taxes_that_explain_the_gap_are_fees_and_any_other_gap_is_a_doubt():
    taxed = an_order(base_grand_total=12, items=[an_item(base_weee_tax_applied_row_amnt=2)])

    assert (sold(taxed).totals.fees, sold(taxed).doubts) == (200, ())
    assert "EUR 12.00" in sold(an_order(base_grand_total=12)).doubts[0]


def test_a_refund_nobody_explains_is_a_doubt():
    assert "EUR 3.00 was refunded" in sold(an_order(base_total_refunded=3)).doubts[0]


def test_a_credit_memo_that_was_taken_back_gave_nothing_back():
    memos = [{"entity_id": 1, "state": 3, "base_grand_total": 9}, {"entity_id": 2, "base_grand_total": 3}]
    order = sold(an_order(base_total_refunded=3, creditmemos=memos))

    assert [(refund.external_id, refund.amount_minor) for refund in order.refunds] == [("2", 300)]


def test_the_answer_to_a_search_is_all_its_orders():
    found = read({"items": [an_order(), an_order(entity_id=301)], "total_count": 2})

    assert isinstance(found, tuple)
    assert [one.external_id for one in found if isinstance(one, OrderSold)] == ["300", "301"]


def test_documents_of_an_order_are_no_orders():
    assert isinstance(read({"order_id": 300, "increment_id": "1", "items": [], "tracks": []}), Ignored)
    assert isinstance(
        read({"order_id": 300, "increment_id": "1", "items": [], "base_grand_total": 3}), Ignored
    )


def test_an_order_without_an_id_is_unreadable():
    with pytest.raises(Unreadable):
        read(an_order(entity_id=None))
