"""The rules or the sites changed, or a new day began: orders that wait because of routing are asked again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.allocation.actions.outgrow import keep_shelf_life
from quartermaster.allocation.actions.settle import settle
from quartermaster.core import sql
from quartermaster.core.events import Event, emit
from quartermaster.events import RoutingReconsidered, ShelfLifeChanged

PAGE = 500  # orders in one transaction; the next page is a fact of its own

WAITING = """
select distinct order_id from orders_line where parked <> '' and open > 0 and order_id > %s order by
  order_id limit %s
"""


def reconsider(causes: Sequence[Event]) -> None:
    """The listener: route the next page of waiting orders anew, and ask for the page after it. Where a
    channel asks for other days, what no lot is good enough for is given back first."""
    if any(isinstance(cause, ShelfLifeChanged) for cause in causes):
        keep_shelf_life(at=causes[-1].at, trigger="ShelfLifeChanged")
    starts = {cause.after if isinstance(cause, RoutingReconsidered) else 0 for cause in causes}
    last = causes[-1]
    for after in sorted(starts):
        page = [row[0] for row in sql.run(WAITING, (after, PAGE))]
        settle(page, at=last.at, by="routing", trigger=last.name)
        if len(page) == PAGE:
            emit([RoutingReconsidered(subject="routing", at=last.at, actor="routing", after=page[-1])])


def reconsider_all(*, at: datetime) -> None:
    """Ask again for whatever waits: capacity and cut-offs begin anew with every day."""
    with transaction.atomic():
        if sql.run(WAITING, (0, 1)):
            emit([RoutingReconsidered(subject="routing", at=at, actor="clock", after=0)])
