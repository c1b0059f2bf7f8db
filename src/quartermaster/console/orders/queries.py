"""What the order pages read beyond the stages' own queries: neighbours, what is unfinished, names."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Protocol

from django.contrib.auth.models import User

from quartermaster.console.orders.lists import Wanted
from quartermaster.core import sql

NEIGHBOURS = """
select (select min(o.id) from orders_order o where {where} and o.id > %(id)s and o.id <= %(high)s),
       (select max(o.id) from orders_order o where {where} and o.id < %(id)s and o.id >= %(low)s)
"""
_NEAR = 20_000  # ids looked through to either side: a rare filter must not read the whole table


class Neighbours(NamedTuple):
    """Numbers of the orders above and below in the list one came from; None at its ends."""

    above: str | None
    below: str | None


def neighbours(order_id: int, wanted: Wanted) -> Neighbours:
    where, asked = wanted.asked({"id": order_id, "high": order_id + _NEAR, "low": order_id - _NEAR})
    found = sql.run(NEIGHBOURS.format(where=where or "true"), asked, prepare=False)[0]
    return Neighbours(*(f"SO-{order_id}" if order_id else None for order_id in found))


UNFINISHED = """
select
  coalesce(bool_or(d.stuck_at is null and e.recorded_at > now() - %(recent)s * interval '1 second'), false),
  coalesce(bool_or(d.stuck_at is not null), false)
from core_delivery d join core_event e on e.id = d.event_id where d.subject = %(subject)s
"""
_RECENT_S = 20


class Unfinished(NamedTuple):
    """is_moving: what was just done is being worked through. is_stuck: a step failed for good."""

    is_moving: bool
    is_stuck: bool


def unfinished(subject: str) -> Unfinished:
    return Unfinished(*sql.run(UNFINISHED, {"subject": subject, "recent": _RECENT_S})[0])


PROMISED = """
select coalesce(o.promised_on, min(a.promised_on)), max(a.promised_on)
from orders_order o left join allocation_allocation a on a.order_id = o.id and a.state <> 'cancelled'
where o.id = %s group by o.id
"""


def promised(order_id: int) -> tuple[date | None, date | None]:
    """The day first promised, and the one expected now."""
    found = sql.run(PROMISED, (order_id,))[0]
    return found[0], found[1]


class Acted(Protocol):
    """Something that somebody did."""

    @property
    def actor(self) -> str: ...


def user_names(ids: Iterable[str]) -> dict[str, str]:
    """User id -> name."""
    wanted = [user_id for user_id in ids if user_id.isdecimal()]
    return {str(pk): name for pk, name in User.objects.filter(pk__in=wanted).values_list("pk", "username")}


def named[T: Acted](acted: Iterable[T]) -> list[tuple[T, str]]:
    """Each with the name of who did it, where that is one of our people."""
    known = list(acted)
    names = user_names(one.actor.partition(":")[2] for one in known if one.actor.startswith("user:"))
    return [(one, names.get(one.actor.removeprefix("user:"), one.actor)) for one in known]


def connection_slugs() -> list[str]:
    return [row[0] for row in sql.run("select slug from inbox_connection order by slug")]
