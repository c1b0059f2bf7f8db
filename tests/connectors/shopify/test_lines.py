import pytest
from tests.connectors.shopify.bodies import a_fulfillment, a_line, a_refund, a_refunded_line, an_order, sold


def units(**told: object) -> tuple[int, int, int, int]:
    """ordered, cancelled, fulfilled and returned of the order's first line."""
    line = sold(an_order(**told)).lines[0]
    return line.ordered, line.cancelled, line.fulfilled, line.returned


def doubts(**told: object) -> str:
    return " ".join(sold(an_order(**told)).doubts)


def test_a_new_line_has_everything_still_to_come():
    line = a_line(quantity=3, current_quantity=3, fulfillable_quantity=3)
    assert units(line_items=[line], total_price="30.00") == (3, 0, 0, 0)


def test_units_edited_away_count_as_cancelled():
    line = a_line(quantity=3, current_quantity=1, fulfillable_quantity=1)
    assert units(line_items=[line], total_price="30.00") == (3, 2, 0, 0)


def test_only_fulfillments_that_succeeded_count_as_handed_over():
    line = a_line(quantity=4)
    fulfillments = [a_fulfillment("success", line_1=1), a_fulfillment("success", line_1=2)]
    fulfillments += [a_fulfillment(status, line_1=4) for status in ("cancelled", "error", "failure")]
    assert units(line_items=[line], fulfillments=fulfillments, total_price="40.00") == (4, 0, 3, 0)


@pytest.mark.parametrize("status", ["pending", "open"])
def test_a_fulfillment_under_way_has_left_nothing_and_asks_to_wait(status: str):
    order = sold(an_order(fulfillments=[a_fulfillment(status, line_1=1)]))
    assert order.lines[0].fulfilled == 0
    assert order.asks_hold == ("Shopify has a fulfillment of 1 units under way.",)


def test_a_fulfillment_whose_status_is_not_known_is_a_doubt():
    told = doubts(fulfillments=[a_fulfillment("teleported", line_1=1)])
    assert told == "A fulfillment is 'teleported': whether it left is not known."


def test_a_refund_before_shipping_takes_units_off():
    line = a_line(quantity=2, fulfillable_quantity=1)
    assert units(line_items=[line], refunds=[a_refund()], total_price="20.00") == (2, 1, 0, 0)


def test_a_refund_after_shipping_brings_units_back():
    refund = a_refund(refund_line_items=[a_refunded_line(restock_type="return")])
    line = a_line(quantity=2, current_quantity=1, fulfillable_quantity=0)
    shipped = [a_fulfillment("success", line_1=2)]
    assert units(line_items=[line], refunds=[refund], fulfillments=shipped, total_price="20.00") == (
        2,
        0,
        2,
        1,
    )


def test_money_back_for_units_the_customer_keeps_brings_nothing_back():
    refund = a_refund(refund_line_items=[a_refunded_line(restock_type="no_restock")])
    shipped = [a_fulfillment("success", line_1=1)]
    assert units(refunds=[refund], fulfillments=shipped) == (1, 0, 1, 0)


def test_an_old_restock_takes_off_what_has_not_left_and_brings_back_the_rest():
    refund = a_refund(refund_line_items=[a_refunded_line(restock_type="legacy_restock", quantity=2)])
    line, shipped = a_line(quantity=3), [a_fulfillment("success", line_1=2)]
    assert units(line_items=[line], refunds=[refund], fulfillments=shipped, total_price="30.00") == (
        3,
        1,
        2,
        1,
    )


def test_bodies_before_2018_say_for_the_whole_refund_whether_it_was_restocked():
    refund = a_refund(restock=True, refund_line_items=[{"line_item_id": 1, "quantity": 1}])
    assert units(refunds=[refund]) == (1, 1, 0, 0)


def test_a_cancelled_order_keeps_what_had_left_and_cancels_the_rest():
    told = {"cancelled_at": "2026-11-02T10:00:00Z", "cancel_reason": "inventory", "total_price": "30.00"}
    line, shipped = a_line(quantity=3, fulfillable_quantity=3), [a_fulfillment("success", line_1=1)]
    assert units(line_items=[line], fulfillments=shipped, **told) == (3, 2, 1, 0)


def test_a_status_counts_when_the_fulfillments_themselves_are_missing():
    line = a_line(quantity=2, current_quantity=2, fulfillable_quantity=0)
    assert units(line_items=[line], fulfillment_status="fulfilled", total_price="20.00") == (2, 0, 2, 0)
    partial = a_line(quantity=3, fulfillable_quantity=1, fulfillment_status="partial")
    assert units(line_items=[partial], total_price="30.00") == (3, 0, 2, 0)


def test_more_left_than_was_ordered_is_a_doubt_and_never_less_than_nothing():
    shipped = [a_fulfillment("success", line_1=5)]
    assert units(fulfillments=shipped) == (1, 0, 1, 0)
    assert "line 1: 5 of 1 units are said to be handed over." in doubts(fulfillments=shipped)


def test_units_that_came_back_without_having_left_are_a_doubt():
    refund = a_refund(refund_line_items=[a_refunded_line(restock_type="return")])
    assert "line 1: 1 units came back, but 0 were handed over." in doubts(refunds=[refund])


def test_shopify_counting_more_to_send_than_its_own_account_is_a_doubt():
    line = a_line(quantity=2, current_quantity=1, fulfillable_quantity=2)
    told = doubts(line_items=[line], total_price="20.00")
    assert "line 1: Shopify would still send 2, by its own account 1 are left." in told


@pytest.mark.parametrize(
    ("quantity", "kept", "because"),
    [
        (-1, 0, "line 1: a quantity of -1 makes no sense."),
        (0, 0, "line 1: a quantity of 0 makes no sense."),
        (10**9, 10**9, "line 1: a quantity of 1,000,000,000 makes no sense."),
        (1.5, 0, "line 1: the quantity is 1.5; taken as 0."),
        (None, 0, "line 1: the quantity is missing; taken as 0."),
        (True, 0, "line 1: the quantity is True; taken as 0."),
        ("2", 2, ""),
        ("2.0", 2, ""),
        (2.0, 2, ""),
    ],
)
def test_quantities_that_make_no_sense_are_doubts(quantity: object, kept: int, because: str):
    told = {"line_items": [a_line(quantity=quantity)], "total_price": "20.00"}
    assert units(**told)[0] == kept
    assert because in doubts(**told)


@pytest.mark.parametrize(
    ("told", "is_shippable"),
    [
        ({}, True),
        ({"requires_shipping": None}, True),
        ({"requires_shipping": False}, False),
        ({"gift_card": True}, False),
    ],
)
def test_gift_cards_and_downloads_are_not_shipped(told: dict[str, object], is_shippable: bool):
    assert sold(an_order(line_items=[a_line(**told)])).lines[0].is_shippable is is_shippable


def test_a_tip_is_money_and_no_line():
    tip = a_line(id=2, sku=None, name="Tip", price="3.00", requires_shipping=False, tip_payment_gateway=None)
    for told in ({}, {"total_tip_received": "3.00"}):
        order = sold(an_order(line_items=[a_line(), tip], total_price="13.00", **told))
        assert [line.external_id for line in order.lines] == ["1"]
        assert (order.totals.tip, order.totals.items, order.doubts) == (300, 1000, ())


def test_the_variant_is_the_alias_of_a_line_without_a_sku():
    line = a_line(sku="", variant_id=44, product_id=33)
    assert sold(an_order(line_items=[line])).lines[0].channel_product == "44"
    line = a_line(sku=None, variant_id=None, product_id=33)
    assert sold(an_order(line_items=[line])).lines[0].channel_product == "33"


def test_two_lines_with_one_id_stay_two():
    order = sold(an_order(line_items=[a_line(), a_line()], total_price="20.00"))
    assert [line.external_id for line in order.lines] == ["1", "1#2"]
    assert order.doubts == ("Two lines have the id 1.",)


def test_a_sku_is_never_cut_into_another():
    order = sold(an_order(line_items=[a_line(sku="S" * 6_000)]))
    assert order.lines[0].code == ""
    assert order.doubts == ("line 1: the SKU has 6,000 characters; left out.",)


def test_a_sku_stays_exactly_as_written():
    assert sold(an_order(line_items=[a_line(sku=" Lamp-ß\u200b ")])).lines[0].code == " Lamp-ß\u200b "
