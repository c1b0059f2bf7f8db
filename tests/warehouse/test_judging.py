"""What is done about a count, and what the bin held when it was made."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.warehouse.rules.judging import (
    Book,
    Difference,
    Moved,
    Policy,
    Step,
    book,
    difference,
    difference_by_serial,
    judge,
    needs_approval,
)

T = datetime(2026, 11, 2, 9, tzinfo=UTC)
STRICT = Policy(0, 0.0, 10_000, 10)
STILL = Book(10, 10, 10)


def at(minute: int, units: int, serial: str = "") -> Moved:
    return Moved(T + timedelta(minutes=minute), units, serial)


def walked(units: int, *moved: Moved, until: int = 10) -> Book:
    return book(units, moved, since=T, until=T + timedelta(minutes=until))


def test_movements_after_the_snapshot_and_before_the_number_are_part_of_what_is_expected():
    assert walked(10, at(1, -2), at(2, -3), at(3, 20), at(4, -1), at(5, -1)) == Book(23, 5, 25)


def test_what_moves_after_the_number_was_said_is_not():
    assert walked(10, at(11, -4)) == Book(10, 10, 10)


def test_a_pick_that_reached_us_late_belongs_to_the_beginning():
    assert walked(10, at(-5, -2), at(3, 1)) == Book(9, 8, 9)


@given(
    st.integers(0, 50),
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 30)), max_size=8),
    st.integers(0, 9),
)
def test_who_counts_what_lies_there_at_any_moment_is_never_told_off(
    units: int, moves: list[tuple[int, int]], looked_at: int
):
    """Whatever moved: a true look at the bin, early or late, never becomes a certain difference."""
    moved = [at(minute, more) for minute, more in moves]
    seen = units + sum(more for minute, more in moves if minute <= looked_at)
    found = difference(seen, walked(units, *moved))
    assert not (found.units and found.is_sure)


@pytest.mark.parametrize(
    ("counted", "there", "step", "settled"),
    [
        (10, STILL, Step.DONE, "agrees"),
        (7, STILL, Step.RECOUNT, ""),
        (12, Book(10, 10, 15), Step.RECOUNT, ""),  # there were 12 at some moment: nobody knows
        (10, Book(10, 5, 15), Step.DONE, "agrees"),
    ],
)
def test_a_first_count(counted: int, there: Book, step: Step, settled: str):
    assert judge(difference(counted, there), there, [], STRICT)[:2] == (step, settled)


def test_two_that_say_the_same_are_believed_and_three_that_differ_are_not():
    first, second, third = (difference(counted, STILL) for counted in (7, 7, 6))
    assert judge(second, STILL, [first], STRICT)[:2] == (Step.DONE, "twice")
    assert judge(third, STILL, [first], STRICT).step == Step.RECOUNT
    assert judge(difference(9, STILL), STILL, [first, third], STRICT).step == Step.APPROVAL


def test_a_difference_that_movements_explain_is_no_witness_for_a_certain_one():
    unsure = difference(12, Book(10, 10, 15))
    assert judge(difference(12, STILL), STILL, [unsure], STRICT).step == Step.RECOUNT
    assert judge(unsure, Book(10, 10, 15), [unsure], STRICT).settled == "moved"


def test_tolerance_needs_both_units_and_share():
    lenient = Policy(2, 0.1, 10_000, 10)
    assert judge(difference(9, STILL), STILL, [], lenient).settled == "tolerance"
    assert judge(difference(8, STILL), STILL, [], lenient).step == Step.RECOUNT
    few = Book(1, 1, 1)
    assert judge(difference(2, few), few, [], lenient).step == Step.RECOUNT


def test_a_swap_of_serial_numbers_is_two_differences_and_not_none():
    found = difference_by_serial({"C1", "C9"}, {"C1", "C2"}, set())
    assert (found.over, found.under, found.over_serials, found.under_serials) == (1, 1, ("C9",), ("C2",))
    assert needs_approval(found, 6_000, STRICT)


def test_a_serial_that_moved_meanwhile_says_nothing():
    assert difference_by_serial({"C1", "C3"}, {"C1", "C2"}, {"C2", "C3"}).units == 0


def test_without_a_cost_units_decide_about_approval():
    assert needs_approval(Difference(0, 11), None, STRICT)
    assert not needs_approval(Difference(0, 10), None, STRICT)
    assert not needs_approval(Difference(0, 11), 900, STRICT)
