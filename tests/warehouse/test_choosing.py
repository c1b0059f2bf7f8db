"""What a wave takes: nothing above its capacity, nobody urgent left for somebody who is not, short walks."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.warehouse.rules.choosing import Candidate, Capacity, Choice, Shelf, choose

orders = st.lists(
    st.builds(
        Candidate,
        st.integers(0, 2),
        st.integers(1, 3),
        st.dictionaries(st.integers(0, 4), st.integers(1, 3), min_size=1, max_size=3),
    ),
    max_size=10,
).map(lambda found: sorted(found, key=lambda one: str(one.turn)))
shelves = st.lists(st.builds(Shelf, st.integers(0, 4), st.integers(0, 5), st.integers(1, 9)), max_size=12)
most = st.none() | st.integers(1, 12)
capacities = st.builds(Capacity, st.integers(1, 6), most, most)


def chosen(
    queue: list[Candidate], lying: list[Shelf], capacity: Capacity, any_of: tuple[int, ...] = ()
) -> Choice:
    asked = count()
    return choose(queue, lying, capacity, is_over=lambda: next(asked) > 60, any_of=any_of)


def carried(queue: list[Candidate], taken: tuple[int, ...]) -> tuple[int, int, int]:
    mine = [queue[n] for n in taken]
    return len(mine), sum(one.lines for one in mine), sum(one.units for one in mine)


def fits(queue: list[Candidate], taken: tuple[int, ...], capacity: Capacity) -> bool:
    return all(
        room is None or more <= room for more, room in zip(carried(queue, taken), capacity, strict=True)
    )


@given(orders, shelves, capacities, st.booleans())
@settings(max_examples=60, deadline=None)
def test_nothing_is_above_the_capacity_and_nobody_urgent_waits_for_a_shorter_walk(
    queue: list[Candidate], lying: list[Shelf], capacity: Capacity, is_free: bool
) -> None:
    found = chosen(queue, lying, capacity, tuple(range(5)) if is_free else ())

    assert fits(queue, found.taken, capacity)
    assert len(set(found.taken)) == len(found.taken)
    assert found.too_large == tuple(n for n in range(len(queue)) if not fits(queue, (n,), capacity))
    left = set(range(len(queue))) - set(found.taken) - set(found.too_large)
    for n in left:
        assert all(queue[taken].turn <= queue[n].turn for taken in found.taken)  # type: ignore[operator]
        if all(queue[other].turn >= queue[n].turn for other in left):  # type: ignore[operator]
            assert not fits(queue, (*found.taken, n), capacity), "there was room for it"


def test_among_equals_those_are_taken_that_lie_together_and_the_walk_is_told() -> None:
    queue = [Candidate(0, 1, {sku: 1}) for sku in (0, 1, 2, 3, 4, 4, 4)]
    lying = [Shelf(sku, sku, 9) for sku in range(5)]

    found = chosen(queue, lying, Capacity(3))

    assert (found.taken, found.aisles, found.in_turn) == ((4, 5, 6), {4}, 3)
    assert found.because == (
        "3 of 7 that are equally urgent, for a short walk",
        "3 units from 1 aisle; filled in the order of the queue: 3",
    )


def test_those_who_are_urgent_lead_the_way_and_others_come_along() -> None:
    queue = [Candidate(0, 1, {0: 1}), *(Candidate(1, 1, {sku: 1}) for sku in (1, 2, 3, 0))]

    found = chosen(queue, [Shelf(sku, sku, 9) for sku in range(4)], Capacity(2))

    assert (found.taken, found.urgent, found.aisles) == ((0, 4), 1, {0})


def test_where_any_unit_will_do_it_is_taken_from_where_people_walk_anyway() -> None:
    queue = [Candidate(0, 1, {0: 1}), Candidate(0, 1, {1: 1})]
    lying = [Shelf(0, 7, 1), Shelf(1, 3, 1), Shelf(1, 7, 1)]

    assert chosen(queue, lying, Capacity(2)).aisles == {3, 7}
    assert chosen(queue, lying, Capacity(2), any_of=(1,)).aisles == {7}


def test_an_order_larger_than_a_whole_wave_is_told_of() -> None:
    found = chosen(
        [Candidate(0, 1, {0: 9}), Candidate(1, 1, {0: 1})], [Shelf(0, 0, 10)], Capacity(5, units=4)
    )
    assert (found.taken, found.too_large) == ((1,), (0,))
    assert found.because[-1] == "larger than a whole wave: 1"
