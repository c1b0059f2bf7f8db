"""Better batches by iterated local search: move an order to another batch or swap two, as long as that
shortens the way; then shake a few batches and try again, keeping what is better.
"""

import random
from collections.abc import Callable, Sequence
from itertools import combinations

from quartermaster.warehouse.rules.batching.work import Batch, Work, walked

LEAST = 1e-9  # a gain below this is rounding
WORSE_KEPT = 1.002  # a little worse is walked on from, or the search would sit in one valley
WORSE_LEFT = 1.01  # more than this: back to the best
SHAKEN = (2, 2, 3, 3, 4)  # batches taken apart at once
TRIES = 20


def improve(
    work: Work, batches: Sequence[Batch], *, is_over: Callable[[], bool], chance: random.Random
) -> list[Batch]:
    """The best batches found until `is_over`. Never worse than what was given."""
    now = _settle(work, _copied(work, batches), is_over)
    best, best_length = _copied(work, now), walked(now)
    length = best_length
    while not is_over() and len(now) > 1:
        tried = _settle(work, _shaken(work, now, chance), is_over)
        tried_length = walked(tried)
        if tried_length < length * WORSE_KEPT:
            now, length = tried, tried_length
        if length < best_length - LEAST:
            best, best_length = _copied(work, now), length
        elif length > best_length * WORSE_LEFT:
            now, length = _copied(work, best), best_length
    return best


def _copied(work: Work, batches: Sequence[Batch]) -> list[Batch]:
    return [Batch(work, batch.orders) for batch in batches]


def _settle(work: Work, batches: list[Batch], is_over: Callable[[], bool]) -> list[Batch]:
    """Until no move and no swap between any two batches helps. Only pairs with a batch that has changed are
    looked at again.
    """
    changed = set(range(len(batches)))
    while changed and not is_over():
        pairs = [(a, b) for a, b in combinations(range(len(batches)), 2) if a in changed or b in changed]
        changed = set()
        for a, b in pairs:
            while _better(work, batches[a], batches[b]):
                changed |= {a, b}
            if is_over():
                break
    return [batch for batch in batches if batch.orders]


def _better(work: Work, one: Batch, other: Batch) -> bool:
    """Make the first change between the two that shortens their ways together."""
    return _move(work, one, other) or _move(work, other, one) or _swap(work, one, other)


def _move(work: Work, giver: Batch, taker: Batch) -> bool:
    bound = giver.length + taker.length - LEAST
    for order in giver.orders:
        if taker.load + work.room[order] <= work.capacity:
            rest = work.joined(other for other in giver.orders if other != order)
            left = work.lengths.of(rest)
            if left < bound and left + work.lengths.of(taker.stops | work.stops[order]) < bound:
                giver.set(work, [other for other in giver.orders if other != order])
                taker.set(work, [*taker.orders, order])
                return True
    return False


def _swap(work: Work, one: Batch, other: Batch) -> bool:
    bound = one.length + other.length - LEAST
    rests = [work.joined(b for b in other.orders if b != order) for order in other.orders]
    for mine in one.orders:
        rest = work.joined(a for a in one.orders if a != mine)
        for theirs, their_rest in zip(other.orders, rests, strict=True):
            more = work.room[theirs] - work.room[mine]
            if one.load + more > work.capacity or other.load - more > work.capacity:
                continue
            length = work.lengths.of(rest | work.stops[theirs])
            if length < bound and length + work.lengths.of(their_rest | work.stops[mine]) < bound:
                one.set(work, [theirs if a == mine else a for a in one.orders])
                other.set(work, [mine if b == theirs else b for b in other.orders])
                return True
    return False


def _shaken(work: Work, batches: Sequence[Batch], chance: random.Random) -> list[Batch]:
    """A few batches taken apart and filled again by chance, larger orders rather first. As given when they
    do not fit any more.
    """
    count = min(len(batches), chance.choice(SHAKEN))
    taken = set(chance.sample(range(len(batches)), count))
    pool = [order for number in taken for order in batches[number].orders]
    for _ in range(TRIES):
        filled = _filled(work, pool, count, chance)
        if filled:
            kept = [batch.orders for number, batch in enumerate(batches) if number not in taken]
            return [Batch(work, orders) for orders in (*kept, *filled) if orders]
    return _copied(work, batches)


def _filled(work: Work, pool: Sequence[int], count: int, chance: random.Random) -> list[list[int]]:
    filled: list[list[int]] = [[] for _ in range(count)]
    loads = [0] * count
    for order in sorted(pool, key=lambda order: -work.room[order] * chance.uniform(0.7, 1.3)):
        fits = [n for n in range(count) if loads[n] + work.room[order] <= work.capacity]
        if not fits:
            return []
        n = chance.choice(fits)
        filled[n].append(order)
        loads[n] += work.room[order]
    return filled
