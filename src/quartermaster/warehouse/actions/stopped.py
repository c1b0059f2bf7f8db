"""What keeps the floor from working on an order."""

from quartermaster.core.errors import Refused
from quartermaster.orders.actions.state import OrderState
from quartermaster.orders.rules.holds import KINDS, Blocks


class Stopped(Refused):
    code = "stopped"
    message = "{number} must not go on: {because}."
    remedy = "Set it aside, and go on with the next one."


def refuse_when_stopped(order: OrderState) -> None:
    """Raises Stopped for a cancelled order, and for one with a hold that keeps it from the floor."""
    if order.is_cancelled:
        raise Stopped(number=order.number, because="it was cancelled")
    if order.is_blocked(Blocks.RELEASE):
        holds = (f"{KINDS[kind].title}: {why}" if kind in KINDS else why for kind, why in order.holds.items())
        raise Stopped(number=order.number, because="it is on hold (" + "; ".join(holds) + ")")
