"""Whether a refund can be given back through its shop, and what the shop is told of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.channels.ports import RefundedLine
from quartermaster.channels.rules.payouts import Standing, said, why_not

FINE = Standing(
    state="due",
    amount_minor=1000,
    paid_minor=5000,
    refunded_minor=4000,
    unheard_minor=0,
    is_under_way=False,
    is_live=True,
    pays_back=True,
    is_test=False,
)


def test_what_is_due_and_paid_can_be_given_back():
    assert why_not(FINE) == ""


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"state": "settled"}, "not due"),
        ({"is_test": True}, "test order"),
        ({"pays_back": False}, "cannot be told"),
        ({"is_live": False}, "only read"),
        ({"is_under_way": True}, "already"),
        ({"unheard_minor": 1}, "not told so itself"),
        ({"refunded_minor": 4001}, "more than was paid"),
    ],
)
def test_it_says_why_it_cannot_be(changed, because):
    assert because in why_not(replace(FINE, **changed))


LINE = st.builds(
    RefundedLine, st.sampled_from(["", "11"]), st.just("LAMP"), st.integers(0, 3), st.integers(-50, 900)
)


@given(amount=st.integers(1, 2000), shipping=st.integers(-100, 900), lines=st.lists(LINE, max_size=4))
def test_a_shop_is_never_told_of_more_than_is_given_back(amount, shipping, lines):
    told, freight = said(amount, shipping, lines)
    assert sum(line.amount_minor for line in told) + freight <= amount
    assert freight >= 0
    assert all(line.line and line.quantity > 0 and line.amount_minor > 0 for line in told)


def test_lines_that_fit_are_told_with_the_shipping():
    line = RefundedLine("11", "LAMP", 1, 900)
    assert said(1000, 100, [line]) == ((line,), 100)
    assert said(999, 100, [line]) == ((), 0)  # a fee was kept
