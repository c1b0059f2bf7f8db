"""What the order pages read beyond the stages' own queries: counts for the tabs, neighbours, names."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.contrib.auth.models import User

from quartermaster.console.navigation import COUNTED_MAX
from quartermaster.core import sql

COUNTS = """
select s.status, (select count(*) from (
  select from orders_order o where o.status = s.status limit %(most)s) counted)
from unnest(%(statuses)s::text[]) as s(status)
"""
# Under one connection there is no index to count by: the newest of each status are looked through, no more.
COUNTS_OF_CONNECTION = """
select s.status,
  (select count(*) filter (where x.connection_id in (select id from inbox_connection where slug = %(slug)s))
   from (select o.connection_id from orders_order o where o.status = s.status
         order by o.id desc limit %(looked)s) x),
  exists (select from orders_order o where o.status = s.status offset %(looked)s)
from unnest(%(statuses)s::text[]) as s(status)
"""
_LOOKED_THROUGH = 2_000


class Counted(NamedTuple):
    """is_more: there may be more than `number`."""

    number: int
    is_more: bool


def counts(statuses: Iterable[str], connection: str = "") -> Mapping[str, Counted]:
    """Orders per status, at a price that stays the same however many there are."""
    asked = {
        "statuses": list(statuses),
        "most": COUNTED_MAX + 1,
        "looked": _LOOKED_THROUGH,
        "slug": connection,
    }
    if connection:
        return {row[0]: Counted(row[1], row[2]) for row in sql.run(COUNTS_OF_CONNECTION, asked)}
    return {row[0]: Counted(min(row[1], COUNTED_MAX), row[1] > COUNTED_MAX) for row in sql.run(COUNTS, asked)}


NEIGHBOURS = """
select (select min(id) from orders_order where {where} and id > %(id)s and id <= %(id)s + %(near)s),
       (select max(id) from orders_order where {where} and id < %(id)s and id >= %(id)s - %(near)s)
"""
_NEAR = 20_000  # ids looked through to either side: a rare filter must not read the whole table
_WHERE = {
    "status": "status = %(status)s",
    "connection": "connection_id = any(array(select id from inbox_connection where slug = %(connection)s))",
}


class Neighbours(NamedTuple):
    """Numbers of the orders above and below in the list one came from; None at its ends."""

    above: str | None
    below: str | None


def neighbours(order_id: int, *, status: str = "", connection: str = "") -> Neighbours:
    wanted = {"status": status, "connection": connection}
    where = " and ".join(_WHERE[name] for name, value in wanted.items() if value) or "true"
    found = sql.run(NEIGHBOURS.format(where=where), {"id": order_id, "near": _NEAR, **wanted})[0]
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


def user_names(ids: Iterable[str]) -> dict[str, str]:
    """User id -> name."""
    wanted = [user_id for user_id in ids if user_id.isdecimal()]
    return {str(pk): name for pk, name in User.objects.filter(pk__in=wanted).values_list("pk", "username")}


def connection_slugs() -> list[str]:
    return [row[0] for row in sql.run("select slug from inbox_connection order by slug")]
