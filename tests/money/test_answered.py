"""Which of our refunds a refund of the channel is."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.money.rules.answered import Expected, Given, answered, left_due

MUGS = Expected(7, "P-3", 2000, {1: 2}, after=10)
MINOR = st.integers(0, 10**9)


def known(given: Given, *expected: Expected, change_minor: int = 0) -> list[tuple[int, int]]:
    return [one[:2] for one in answered(expected or [MUGS], [given], change_minor=change_minor)]


def test_a_refund_whose_note_names_ours_or_the_parcel_is_it_whatever_its_amount():
    assert known(Given(11, 500, "r-7, as agreed")) == [(7, 11)]
    assert known(Given(11, 500, "parcel P-3 came back")) == [(7, 11)]


def test_a_refund_that_names_another_is_not_ours_though_its_amount_is():
    assert known(Given(11, 2000, "R-8")) == []
    assert known(Given(11, 2000, "R-77")) == []
    assert known(Given(11, 2000, "", {1: 1})) == []


def test_the_very_units_are_enough_when_no_less_is_given_back():
    assert known(Given(11, 2000, "", {1: 2})) == [(7, 11)]
    assert known(Given(11, 1999, "", {1: 2})) == []


def test_an_amount_alone_counts_only_when_nothing_else_is_due_that_much():
    twin = Expected(8, "P-4", 2000, {2: 1}, after=10)
    assert known(Given(11, 2000)) == [(7, 11)]
    assert known(Given(11, 2000), MUGS, twin) == []
    assert known(Given(11, 2000), change_minor=2000) == []
    assert known(Given(11, 1500)) == []


def test_what_was_told_before_ours_fell_due_is_not_it():
    assert known(Given(10, 2000, "R-7", {1: 2})) == []


def test_a_refund_of_the_channel_is_at_most_one_of_ours():
    twin = Expected(8, "P-4", 2000, {1: 2}, after=10)
    two = answered([MUGS, twin], [Given(12, 2000, "", {1: 2}), Given(11, 2000, "", {1: 2})])
    assert [one[:2] for one in two] == [(7, 11), (8, 12)]


@given(st.lists(MINOR, max_size=5), st.integers(-(10**9), 10**9))
def test_what_stays_due_is_never_more_than_is_here(amounts: list[int], here: int):
    expected = [Expected(n, f"P-{n}", amount) for n, amount in enumerate(amounts, 1)]
    left = left_due(expected, here_minor=here)
    assert sum(left.values()) <= max(0, here)
    assert all(0 <= left[one.id] <= one.amount_minor for one in expected)
