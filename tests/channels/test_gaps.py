"""Numbers that an order should have had."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.channels.rules.gaps import DENSE, NUMBERS_MIN, gaps

NUMBERS = st.sets(st.integers(1000, 1060), max_size=60)


def names(numbers: set[int]) -> list[str]:
    return [f"#{number}" for number in numbers]


def test_a_number_between_others_is_missing():
    assert gaps(names({*range(1001, 1031)} - {1010}), ()) == ["#1010"]


def test_a_number_that_came_late_is_not():
    assert gaps(names({*range(1001, 1031)} - {1010}), {"#1010"}) == []


def test_a_shop_that_numbers_its_orders_otherwise_has_no_gaps():
    assert gaps(names({*range(1000, 1400, 7)}), ()) == []
    assert gaps(("WEB-A", "", "12-34-56", "4711"), ()) == []


def test_ways_of_writing_are_sequences_of_their_own():
    two = [f"B2B-{n}" for n in range(1, 40) if n != 20] + [f"#{n}" for n in range(1, 40)]
    assert gaps(two, ()) == ["B2B-20"]


def test_noughts_before_a_number_stay():
    assert gaps((f"{n:09d}" for n in range(40, 80) if n != 55), ()) == ["000000055"]


@given(NUMBERS)
def test_what_is_missing_is_between_what_is_there_and_not_there(numbers: set[int]):
    found = gaps(names(numbers), ())
    assert not set(found) & set(names(numbers))
    if found:
        assert len(numbers) >= NUMBERS_MIN
        assert all(min(numbers) < int(name[1:]) < max(numbers) for name in found)
        assert len(numbers) >= DENSE * (max(numbers) - min(numbers) + 1)
