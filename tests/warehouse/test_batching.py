"""Orders picked together: all of them, none doubled, as many as fit, and never a longer way than alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.warehouse.rules.batching import batch
from quartermaster.warehouse.rules.routing import Layout, Stop, in_aisles, shortest

LAYOUT = Layout((0, 5, 10, 15), (0, 30))
stops = st.builds(Stop, st.integers(0, 3), st.integers(0, 30))
baskets = st.lists(st.lists(stops, min_size=1, max_size=4), min_size=1, max_size=9)


def length(orders: list[list[Stop]]) -> float:
    return shortest(LAYOUT, in_aisles(stop for order in orders for stop in order)).length


def batched(orders: list[list[Stop]], capacity: int, rounds: int = 300) -> list[list[int]]:
    left = iter(range(rounds))
    sizes = [len(order) for order in orders]
    return batch(LAYOUT, orders, sizes, capacity, is_over=lambda: next(left, None) is None)


@given(baskets, st.integers(1, 12))
@settings(max_examples=80, deadline=None)
def test_every_order_is_in_one_batch_and_a_batch_fits_the_device(
    orders: list[list[Stop]], capacity: int
) -> None:
    batches = batched(orders, capacity)
    assert sorted(order for one in batches for order in one) == list(range(len(orders)))
    for one in batches:
        assert sum(len(orders[order]) for order in one) <= capacity or len(one) == 1


@given(baskets, st.integers(4, 12))
@settings(max_examples=60, deadline=None)
def test_batches_are_never_a_longer_way_than_each_order_alone(
    orders: list[list[Stop]], capacity: int
) -> None:
    together = sum(length([orders[order] for order in one]) for one in batched(orders, capacity))
    assert together <= sum(length([order]) for order in orders)


def test_the_same_search_gives_the_same_batches() -> None:
    orders = [[Stop(n % 4, 7 * n % 30), Stop(n * n % 4, 11 * n % 30)] for n in range(20)]
    assert batched(orders, 8) == batched(orders, 8)


def test_searching_longer_is_never_worse() -> None:
    orders = [[Stop(n % 4, 7 * n % 30), Stop(n * n % 4, 11 * n % 30)] for n in range(20)]
    ways = [
        sum(length([orders[order] for order in one]) for one in batched(orders, 8, rounds))
        for rounds in (0, 50, 2000)
    ]
    assert ways == sorted(ways, reverse=True)


@given(baskets, st.integers(1, 12), st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_out_of_time_every_order_still_has_its_batch(
    orders: list[list[Stop]], capacity: int, measured: int
) -> None:
    """However little was measured by then: nothing lost, nothing above the device, no longer way."""
    left = iter(range(measured))
    sizes = [len(order) for order in orders]
    batches = batch(
        LAYOUT, orders, sizes, capacity, is_over=lambda: True, is_late=lambda: next(left, None) is None
    )
    assert sorted(order for one in batches for order in one) == list(range(len(orders)))
    assert all(sum(sizes[order] for order in one) <= capacity or len(one) == 1 for one in batches)
    together = sum(length([orders[order] for order in one]) for one in batches)
    assert together <= sum(length([order]) for order in orders)
