"""Customers are told of a recall, and orders that still have the lot in our hands are stopped."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.core.texts import short, storable
from quartermaster.events import NoticeTold, RecallMade
from quartermaster.orders.actions import holds
from quartermaster.orders.actions.state import load, save
from quartermaster.support.queries.recalled import affected

WRITE = """
insert into support_notice (recall_id, order_id, name, email, phone, units, at)
select %(recall)s, order_id, name, email, phone, units, %(at)s
from jsonb_to_recordset(%(rows)s::jsonb)
  as n(order_id bigint, name text, email text, phone text, units bigint)
order by order_id
on conflict (recall_id, order_id) do nothing
"""
TOLD = """
update support_notice set state = 'told', told_at = %(at)s, told_by = %(by)s, told_because = %(because)s
where id = %(id)s and state = 'waiting' returning order_id, 'RC-' || recall_id
"""


def warn(heard: Sequence[RecallMade]) -> None:
    """The listener: who has the lot gets a notice, once; who is about to get it is held. Sending the notice
    is left to people so far: it waits until somebody says that the customer was told."""
    for event in heard:
        found = affected(event.recall_id)
        units: Counter[int] = Counter()
        for one in found:
            if one.stage in ("delivered", "shipped"):
                units[one.order_id] += one.units
        people = {one.order_id: one for one in found}
        rows = [
            {"order_id": order_id, "units": count}
            | {name: getattr(people[order_id], name) for name in ("name", "email", "phone")}
            for order_id, count in sorted(units.items())
        ]
        if rows:
            sql.run(WRITE, {"recall": event.recall_id, "at": event.at, "rows": sql.rows(rows)})
        _stop(event, {one.order_id for one in found if one.stage in ("packed", "picked")})


def _stop(event: RecallMade, order_ids: set[int]) -> None:
    orders = load(order_ids)
    because = f"It has {event.sku} of lot {event.lot} in hand, which is recalled: {event.because}"
    source = f"recall:RC-{event.recall_id}"
    holds.place(
        [holds.Wanted(order, "recall", short(because, 500), event.at, source) for order in orders.values()],
        by="system",
    )
    save(list(orders.values()), [])


def tell_notice(notice_id: int, *, because: str, at: datetime, by: str) -> None:
    """A person has told the customer; `because` says how. Told again it does nothing. Raises NotFound,
    Invalid."""
    how = storable(because.strip())
    if not how:
        raise Invalid(what="The notice", errors={"because": "say how they were told"})
    with transaction.atomic():
        if not sql.run("select from support_notice where id = %s for update", (notice_id,)):
            raise NotFound(what="notice", which=notice_id)
        emit(
            NoticeTold(
                subject=f"order:SO-{order_id}",
                at=at,
                actor=by,
                order_id=order_id,
                notice_id=notice_id,
                recall=recall,
                because=how,
            )
            for order_id, recall in sql.run(TOLD, {"id": notice_id, "at": at, "by": by, "because": how[:500]})
        )
