"""Money that goes back: to the cent, by line and by tax."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.channels.ports import Refund, RefundedLine
from quartermaster.connectors.woocommerce.translate import undoing

ORDER = {
    "currency": "EUR",
    "total": "34.70",
    "line_items": [
        {"id": 11, "total": "20.00", "taxes": [{"id": 1, "total": "3.80"}, {"id": 2, "total": "1.00"}]},
        {"id": 12, "total": "0.00", "taxes": []},
    ],
    "shipping_lines": [{"id": 13, "total": "4.00", "taxes": []}, {"id": 14, "total": "0.90", "taxes": []}],
}


def a_refund(amount_minor: int = 2480, **more: object) -> Refund:
    return Refund("R-1", "7", amount_minor, "EUR", **more)  # type: ignore[arg-type]


def test_a_line_is_given_back_as_it_was_made_up():
    line = RefundedLine("11", "LAMP", 2, 2480)
    made = undoing.refund(a_refund(lines=(line,), note="broken"), ORDER, paid_back_minor=0)
    assert made == {
        "amount": "24.80",
        "reason": "broken [R-1]",
        "line_items": [
            {
                "id": 11,
                "refund_total": "20.00",
                "refund_tax": [{"id": 1, "refund_total": "3.80"}, {"id": 2, "refund_total": "1.00"}],
                "quantity": 2,
            }
        ],
        "api_refund": True,
        "api_restock": False,
    }
    assert undoing.is_ours(a_refund(), made)
    assert not undoing.is_ours(Refund("R-11", "7", 1, "EUR"), made)


def test_shipping_is_given_back_on_its_own_lines():
    made = undoing.refund(a_refund(490, shipping_minor=490), ORDER, paid_back_minor=0)
    assert [(row["id"], row["refund_total"]) for row in made["line_items"]] == [(13, "4.00"), (14, "0.90")]


@given(amount=st.integers(1, 3470), units=st.integers(1, 3))
def test_the_parts_of_a_line_add_up_to_what_is_given_back(amount, units):
    line = RefundedLine("11", "LAMP", units, amount)
    (row,) = undoing.refund(a_refund(amount, lines=(line,)), ORDER, paid_back_minor=0)["line_items"]
    parts = [row["refund_total"], *(tax["refund_total"] for tax in row["refund_tax"])]
    assert sum(map(Decimal, parts)) == Decimal(amount) / 100


@pytest.mark.parametrize(
    ("wanted", "paid_back", "because"),
    [
        (a_refund(3471), 0, "only EUR 34.70"),
        (a_refund(100), 3400, "only EUR 0.70"),
        (a_refund(100), 4000, "only EUR 0.00"),
        (Refund("R-1", "7", 100, "USD"), 0, "the order is in EUR"),
    ],
)
def test_more_than_is_left_is_no_refund(wanted, paid_back, because):
    with pytest.raises(ValueError, match=because):
        undoing.refund(wanted, ORDER, paid_back_minor=paid_back)
