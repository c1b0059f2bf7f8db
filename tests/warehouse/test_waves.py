"""Waves: all that is wanted lies in the aisles, units within bounds, and nothing better is missed."""

from collections import Counter
from itertools import combinations, islice, repeat

from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.warehouse.rules.waves import Shelves, Wave, select

units_of = st.dictionaries(st.integers(0, 4), st.integers(1, 4), min_size=1, max_size=3)
shelves = st.builds(
    lambda orders, aisles, least, more: Shelves(orders, aisles, least, least + more),
    st.lists(units_of, min_size=1, max_size=6),
    st.lists(units_of, min_size=1, max_size=5),
    st.integers(0, 8),
    st.integers(0, 10),
)


def selected(asked: Shelves, rounds: int = 150) -> Wave | None:
    left = islice(repeat(False), rounds)
    return select(asked, is_over=lambda: next(left, True))


def is_feasible(asked: Shelves, orders: tuple[int, ...], aisles: tuple[int, ...]) -> bool:
    wanted: Counter[int] = Counter()
    there: Counter[int] = Counter()
    for order in orders:
        wanted.update(asked.orders[order])
    for aisle in aisles:
        there.update(asked.aisles[aisle])
    return wanted <= there and asked.units_min <= wanted.total() <= asked.units_max


def by_trying(asked: Shelves) -> float:
    """The most units an aisle of any choice of orders and aisles; 0 when none is within bounds."""
    best = 0.0
    choices = [
        orders for n in range(len(asked.orders) + 1) for orders in combinations(range(len(asked.orders)), n)
    ]
    for many in range(1, len(asked.aisles) + 1):
        for aisles in combinations(range(len(asked.aisles)), many):
            for orders in choices:
                units = sum(sum(asked.orders[order].values()) for order in orders)
                if units / many > best and is_feasible(asked, orders, aisles):
                    best = units / many
    return best


@given(shelves)
@settings(max_examples=50, deadline=None)
def test_a_wave_is_feasible_and_says_what_it_holds(asked: Shelves) -> None:
    wave = selected(asked, rounds=30)
    if wave is not None:
        assert is_feasible(asked, wave.orders, wave.aisles)
        assert wave.units == sum(sum(asked.orders[order].values()) for order in wave.orders)
        assert len(set(wave.orders)) == len(wave.orders)
        assert f"{wave.units} units from {len(wave.aisles)} aisles" in wave.because[0]


@given(shelves)
@settings(max_examples=60, deadline=None, derandomize=True)  # it is a search: it promises this of no instance
def test_of_few_orders_and_aisles_the_best_wave_is_found(asked: Shelves) -> None:
    wave = selected(asked)
    assert (wave.units_per_aisle if wave else 0) == by_trying(asked)


def test_a_wave_is_found_even_when_time_is_over() -> None:
    wave = select(Shelves([{0: 1}, {1: 2}], [{0: 1}, {1: 2}], 3, 5), is_over=lambda: True)
    assert wave == Wave((0, 1), (0, 1), 3, wave.because if wave else ())


def test_orders_that_can_never_be_in_a_wave_are_told_of() -> None:
    wave = selected(Shelves([{0: 9}, {1: 2}, {7: 1}], [{0: 9, 1: 2}], 1, 5))
    assert wave is not None
    assert wave.orders == (1,)
    assert wave.because[-1].startswith("2 orders are larger than a wave")


def test_the_same_search_gives_the_same_wave() -> None:
    orders = [{n % 7: 1 + n % 3, (n * n) % 11: 1} for n in range(40)]
    aisles = [{sku: 3 + (aisle + sku) % 4 for sku in range(aisle % 3, 11, 3)} for aisle in range(9)]
    asked = Shelves(orders, aisles, 10, 40)
    assert selected(asked, 40) == selected(asked, 40)
