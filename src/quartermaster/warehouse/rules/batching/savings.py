"""Batches by savings: join the two whose joining saves the longest way, again and again.

After Clarke and Wright (Operations Research 12(4), 1964), with savings computed anew for every batch that
was joined.
"""

import heapq
from collections.abc import Callable
from itertools import combinations

from quartermaster.warehouse.rules.batching.work import Batch, Work


def by_savings(work: Work, *, is_late: Callable[[], bool] = lambda: False) -> list[Batch]:
    """Every order in one batch, none above the capacity. An order that is too large alone stays alone.

    Once `is_late`, no more ways are measured: what is known to save is joined, and what is left goes together
    as it comes.
    """
    batches = {number: Batch(work, [number]) for number in range(len(work.stops))}
    heap: list[tuple[float, int, int]] = []

    def offer(one: int, other: int) -> None:
        a, b = batches[one], batches[other]
        if a.load + b.load <= work.capacity:
            saved = a.length + b.length - work.lengths.of(a.stops | b.stops)
            heapq.heappush(heap, (-saved, one, other))

    for one, other in combinations(range(len(batches)), 2):
        if is_late():
            break
        offer(one, other)
    fresh = len(batches)
    while heap:
        _, one, other = heapq.heappop(heap)
        if one in batches and other in batches:  # else one of them has been joined since
            batches[fresh] = Batch(work, batches.pop(one).orders + batches.pop(other).orders)
            for number in batches:
                if is_late():
                    break
                if number != fresh:
                    offer(number, fresh)
            fresh += 1
    return _packed(work, batches) if is_late() else list(batches.values())


def _packed(work: Work, batches: dict[int, Batch]) -> list[Batch]:
    """Joined as far as they fit, in the order they stand, each into the first that has room."""
    loads: list[float] = []
    orders: list[list[int]] = []
    for _, one in sorted(batches.items(), key=lambda each: min(each[1].orders)):
        fits = (n for n, load in enumerate(loads) if load + one.load <= work.capacity)
        into = next(fits, None)
        if into is None:
            loads.append(one.load)
            orders.append(list(one.orders))
        else:
            loads[into] += one.load
            orders[into] += one.orders
    return [Batch(work, its) for its in orders]
