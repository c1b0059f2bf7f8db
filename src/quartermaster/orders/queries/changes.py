"""What can still be changed about an order, answered before anything happens."""

from collections.abc import Iterable, Mapping

from quartermaster.core import sql
from quartermaster.orders.rules.change import Change, Stage, Verdict, verdict

STAGES = """
select order_id, id, open, allocated, picked, packed, labelled, shipped, delivered from orders_line
where order_id = any(%s) and is_shippable
"""
_PLACES = (
    *(Stage.OPEN, Stage.ALLOCATED, Stage.PICKED, Stage.PACKED),
    *(Stage.LABELLED, Stage.SHIPPED, Stage.DELIVERED),
)


def stages(order_ids: Iterable[int]) -> dict[int, dict[int, Stage]]:
    """Order id -> line id -> the furthest stage one of its units has
    reached. Lines without units are left out."""
    ids = sorted(set(order_ids))
    found: dict[int, dict[int, Stage]] = {order_id: {} for order_id in ids}
    for order_id, line_id, *units in sql.run(STAGES, (ids,)):
        reached = [stage for stage, count in zip(_PLACES, units, strict=True) if count]
        if reached:
            found[order_id][line_id] = reached[-1]
    return found


def possible_changes(order_id: int) -> Mapping[Change, Verdict]:
    """Every change a person may ask for, with the honest answer."""
    reached = stages([order_id])[order_id].values()
    return {change: verdict(change, reached) for change in Change}
