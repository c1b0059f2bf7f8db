"""Units of a parcel nobody took, and what they give back."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.money.rules.due import Parts
from quartermaster.money.rules.returned import Item, Policy, lines_back, refund_of

MINOR = st.integers(0, 10**9)


def test_of_a_kit_only_whole_ones_are_here_again():
    kit = [Item(1, 10, 2, 0), Item(1, 11, 1, 1)]
    assert lines_back(kit, {10: 2, 11: 1}) == {1: 1}
    assert lines_back(kit, {10: 1, 11: 1}) == {}


def test_two_lines_of_one_sku_share_what_was_scanned():
    assert lines_back([Item(1, 10, 2, 2), Item(2, 10, 2, 2)], {10: 3}) == {1: 2, 2: 1}
    assert lines_back([Item(1, 10, 1, 1)], {}) == {}


@given(MINOR, MINOR, MINOR, MINOR, MINOR, st.booleans())
def test_no_more_goes_back_than_was_paid_whatever_the_policy(
    worth: int, fee: int, paid: int, refunded: int, due: int, refunds: bool
):
    parts = refund_of(
        Parts(items_minor=worth),
        Policy(refunds, False, {"EUR": fee}),
        currency="EUR",
        paid_minor=paid,
        refunded_minor=refunded,
        due_minor=due,
    )
    assert 0 <= parts.amount_minor <= max(0, worth - (fee if refunds else worth))
    assert parts.amount_minor == 0 or parts.amount_minor + refunded + due <= paid
    assert parts.withheld_minor >= 0
    assert parts.covered_minor >= 0
