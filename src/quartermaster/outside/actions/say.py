"""A fact about what an outside site has of an order: each names the order, the site and the reference."""

from datetime import datetime

from quartermaster.core.events import emit
from quartermaster.events import CancelAsked, CancelCameLate, OutsideAnswered, OutsideShipped, OutsideUnclear
from quartermaster.orders.actions.state import OrderState
from quartermaster.outside.actions.row import Row

type Fact = CancelAsked | CancelCameLate | OutsideAnswered | OutsideShipped | OutsideUnclear


def say(fact: type[Fact], order: OrderState, row: Row, *, at: datetime, by: str, **more: str | int) -> None:
    """`more`: what this fact has besides."""
    about = {"order_id": order.id, "location": row.site, "reference": row.reference, **more}
    emit([fact(subject=order.subject, at=at, actor=by, **about)])  # type: ignore[arg-type]  # each has its own
