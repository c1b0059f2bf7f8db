"""Holds placed and released by people and by the clock."""

from datetime import datetime
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.orders.actions import holds
from quartermaster.orders.actions.one import locked
from quartermaster.orders.actions.state import load, save
from quartermaster.orders.queries import stages
from quartermaster.orders.rules.change import Answer, Change, verdict
from quartermaster.orders.rules.holds import KINDS

EXPIRED: Final = """
select order_id, kind from orders_hold
where released_at is null and expires_at <= %s order by order_id limit 500
"""


class TooLate(Refused):
    code = "too-late"
    message = "{number} can no longer be changed this way. {sentence}"
    remedy = "Look at the order: its parcels show what can still be done."


def hold(
    number: str,
    *,
    kind: str,
    because: str,
    owner: str = "",
    expires_at: datetime | None = None,
    at: datetime,
    by: str,
) -> None:
    """Place a named hold. The same kind again changes its reason. Raises Invalid, NotFound, TooLate."""
    errors = {}
    if kind not in KINDS:
        errors["kind"] = f"one of: {', '.join(KINDS)}"
    if not because.strip():
        errors["because"] = "say why"
    if errors:
        raise Invalid(what="The hold", errors=errors)
    with transaction.atomic():
        order = locked(number)
        answer = verdict(Change.HOLD, stages([order.id])[order.id].values())
        if answer.answer is Answer.NO:
            raise TooLate(number=order.number, sentence=answer.sentence)
        holds.place([holds.Wanted(order, kind, because.strip(), at, "", owner, expires_at)], by=by)
        save([order], [])


def release_hold(number: str, *, kind: str, because: str, at: datetime, by: str) -> None:
    """Take an active hold back. Raises NotFound when there is none of this kind."""
    with transaction.atomic():
        order = locked(number)
        if kind not in order.holds:
            raise NotFound(what=f"active {kind} hold on", which=order.number)
        if not because.strip():
            raise Invalid(what="The release", errors={"because": "say why"})
        holds.take_back([holds.Wanted(order, kind, because.strip(), at)], by=by)
        save([order], [])


def release_expired(*, at: datetime) -> int:
    """Release holds whose time has come; returns how many."""
    with transaction.atomic():
        due = sql.run(EXPIRED, (at,))
        if not due:
            return 0
        orders = load(order_id for order_id, _ in due)
        holds.take_back(
            [holds.Wanted(orders[order_id], kind, "its time is over", at) for order_id, kind in due],
            by="system",
        )
        save(list(orders.values()), [])
    return len(due)
