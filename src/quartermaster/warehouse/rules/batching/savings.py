"""Batches by savings: join the two whose joining saves the longest way, again and again.

After Clarke and Wright (Operations Research 12(4), 1964), with savings computed anew for every batch that
was joined.
"""

import heapq
from itertools import combinations

from quartermaster.warehouse.rules.batching.work import Batch, Work


def by_savings(work: Work) -> list[Batch]:
    """Every order in one batch, none above the capacity. An order that is too large alone stays alone."""
    batches = {number: Batch(work, [number]) for number in range(len(work.stops))}
    heap: list[tuple[float, int, int]] = []

    def offer(one: int, other: int) -> None:
        a, b = batches[one], batches[other]
        if a.load + b.load <= work.capacity:
            saved = a.length + b.length - work.lengths.of(a.stops | b.stops)
            heapq.heappush(heap, (-saved, one, other))

    for one, other in combinations(range(len(batches)), 2):
        offer(one, other)
    fresh = len(batches)
    while heap:
        _, one, other = heapq.heappop(heap)
        if one in batches and other in batches:  # else one of them has been joined since
            batches[fresh] = Batch(work, batches.pop(one).orders + batches.pop(other).orders)
            for number in batches:
                if number != fresh:
                    offer(number, fresh)
            fresh += 1
    return list(batches.values())
