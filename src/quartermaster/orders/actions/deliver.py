"""Units arrived at the receiver, or did not after all."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from quartermaster.orders.actions.state import LineState, OrderState, save


def count_delivered(orders: Sequence[OrderState], delivered: Mapping[int, int]) -> None:
    """Set how many units of each line are delivered (line id -> units, within what has been shipped); the
    status follows. `orders` are locked. Writes only what changes."""
    touched: list[OrderState] = []
    lines: list[LineState] = []
    for order in orders:
        changed = [x for x in order.lines if delivered.get(x.id, x.units.delivered) != x.units.delivered]
        for line in changed:
            line.units = replace(line.units, delivered=delivered[line.id])
        if changed:
            touched.append(order)
            lines += changed
    save(touched, lines)
