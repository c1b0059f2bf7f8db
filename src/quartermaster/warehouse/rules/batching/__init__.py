"""Which orders to pick together: savings first, then a search for better as long as there is time."""

import random
from collections.abc import Callable, Sequence

from quartermaster.warehouse.rules.batching.savings import by_savings
from quartermaster.warehouse.rules.batching.search import improve
from quartermaster.warehouse.rules.batching.work import Work
from quartermaster.warehouse.rules.routing.layout import Layout, Stop
from quartermaster.warehouse.rules.routing.lengths import Lengths


def batch(
    layout: Layout,
    orders: Sequence[Sequence[Stop]],
    room: Sequence[int],
    capacity: int,
    *,
    is_over: Callable[[], bool],
    is_late: Callable[[], bool] = lambda: False,
    seed: int = 0,
) -> list[list[int]]:
    """Batches of order indexes, with short tours in sum; each takes at most `capacity` of the device's
    room, unless one order alone needs more. Searches until `is_over`; the same calls of it give the same
    batches. `is_late`: whether even the first batches have to be made without measuring more.
    """
    lengths = Lengths(layout, {stop for stops in orders for stop in stops})
    work = Work([lengths.mask(stops) for stops in orders], room, capacity, lengths)
    chance = random.Random(seed)  # noqa: S311 - no secret
    return [
        sorted(one.orders)
        for one in improve(work, by_savings(work, is_late=is_late), is_over=is_over, chance=chance)
    ]
