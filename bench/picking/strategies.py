"""The routing strategies side by side, on the batches that come from the orders as they came."""

import statistics
from collections.abc import Sequence
from typing import Any

from bench.picking.files import Batching
from quartermaster.warehouse.rules.routing import Stop, Strategy, route

NOTHING = 1e-6


def compared(instances: Sequence[Batching]) -> dict[str, Any]:
    """Mean gap of each strategy to the best known length with shortest tours. `impossible`: where our S-shape
    is not as long as the published one, so that one of the two counts wrongly."""
    gaps: dict[str, list[float]] = {strategy.value: [] for strategy in Strategy}
    impossible = []
    for one in instances:
        batches = first_come(one)
        for strategy in Strategy:
            length = sum(route(one.layout, stops, strategy).length for stops in batches)
            gaps[strategy.value].append(length / one.best - 1)
            if strategy is Strategy.S_SHAPE and abs(length - one.first_come) > NOTHING:
                impossible.append(one.name)
    return {
        "mean_gap": {name: statistics.fmean(found) for name, found in gaps.items() if found},
        "impossible": impossible,
    }


def first_come(one: Batching) -> list[list[Stop]]:
    """The stops of each batch when orders are put together as they came, until one does not fit."""
    batches: list[list[Stop]] = []
    room = 0
    for order in one.orders:
        if len(order) > room:
            batches.append([])
            room = one.capacity
        batches[-1] += order
        room -= len(order)
    return batches
