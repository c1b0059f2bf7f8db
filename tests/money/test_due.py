"""What a refund is made of: exact to the minor unit, whatever the sequence."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.money.rules.due import (
    LineSold,
    Parts,
    Step,
    capped,
    line_refundable,
    stays,
    step,
    together,
    units_back,
    within,
)

MINOR = st.integers(0, 10**9)


@st.composite
def lines(draw: st.DrawFn) -> LineSold:
    gross = draw(MINOR)
    return LineSold(
        1, draw(st.integers(1, 500)), gross, draw(st.integers(0, gross)), draw(st.integers(0, gross))
    )


@given(lines(), st.data())
def test_parts_of_a_line_given_back_in_any_steps_are_the_line(line: LineSold, data: st.DataObject):
    back, before = [], 0
    while before < line.units:
        units = data.draw(st.integers(1, line.units - before))
        back.append(units_back(line, before=before, units=units))
        before += units

    whole = together(back, is_tax_included=False)
    assert sum(one.units for one in back) == line.units
    assert (whole.items_minor, whole.discount_minor, whole.tax_minor) == (
        line.gross_minor,
        line.discount_minor,
        line.tax_minor,
    )


@given(lines(), st.integers(0, 600), st.integers(0, 600))
def test_more_units_than_are_left_give_back_what_is_left(line: LineSold, before: int, units: int):
    before = min(before, line.units)
    assert units_back(line, before=before, units=units) == units_back(
        line, before=before, units=min(units, line.units - before)
    )


@given(MINOR, MINOR, MINOR, MINOR)
def test_what_is_due_together_is_never_more_than_was_paid_and_is_here(
    owed: int, paid: int, refunded: int, due: int
):
    given = within(owed, paid_minor=paid, refunded_minor=refunded, due_minor=due)
    assert 0 <= given <= owed
    assert given == 0 or given + due + refunded <= paid


def test_tax_counts_where_it_is_on_top():
    (mug,) = [units_back(LineSold(1, 2, 2000, 200, 342), before=0, units=1)]
    assert together([mug], is_tax_included=False, shipping_minor=490).amount_minor == 1000 - 100 + 171 + 490
    assert together([mug], is_tax_included=True).amount_minor == 900


def test_a_refund_opens_changes_and_ends_with_what_is_owed():
    some, more, none = Parts(items_minor=500), Parts(items_minor=700), Parts()
    assert step(None, some, is_told=False) is Step.OPEN
    assert step(some, some, is_told=True) is Step.NONE
    assert step(some, more, is_told=False) is Step.CHANGE
    assert step(some, none, is_told=False) is Step.WITHDRAW
    assert step(some, none, is_told=True) is Step.SETTLE
    assert step(None, none, is_told=True) is Step.NONE


def test_what_the_channel_took_over_without_giving_money_back_stays_due():
    some, none = Parts(items_minor=500), Parts()
    assert stays(some, none, is_told=False, is_mirrored=True)
    assert not stays(some, none, is_told=True, is_mirrored=True)
    assert not stays(some, none, is_told=False, is_mirrored=False)
    assert not stays(some, Parts(items_minor=300), is_told=False, is_mirrored=True)
    assert not stays(None, none, is_told=False, is_mirrored=True)


@given(MINOR, MINOR, st.integers(0, 10**9), st.integers(-(10**9), 10**9))
def test_what_stays_due_is_never_more_than_is_here_and_adds_up(items: int, tax: int, covered: int, here: int):
    before = Parts(items_minor=items, tax_minor=tax, covered_minor=min(covered, items))
    now = capped(before, here_minor=here)
    assert now.amount_minor == min(before.amount_minor, max(0, here))
    assert now.covered_minor >= before.covered_minor
    assert now.gross_minor == before.gross_minor


def test_of_a_line_is_refundable_what_it_cost_less_what_went_back():
    assert line_refundable(worth_minor=1000, refunded_minor=300, due_minor=200) == 500
    assert line_refundable(worth_minor=1000, refunded_minor=900, due_minor=200) == 0
