"""Deliveries that failed too often and wait for a person."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position


class Stuck(msgspec.Struct, frozen=True):
    """A stuck delivery. `waiting`: later deliveries of the same subject that cannot pass it."""

    id: str
    listener: str
    subject: str
    event_id: str
    event: str
    attempts: int
    because: str
    since: datetime
    waiting: int


STUCK = """
select row_to_json(s)::text from (
  select d.id::text as id, d.listener, d.subject, d.event_id::text as event_id, e.name as event,
    d.attempts, d.because, d.stuck_at as since,
    (select count(*) from core_delivery later where later.listener = d.listener and later.subject = d.subject
       and later.event_id > d.event_id) as waiting
  from core_delivery d join core_event e on e.id = d.event_id
  where d.stuck_at is not null and d.id > %(after)s order by d.id limit %(limit)s) s
"""
_stuck = msgspec.json.Decoder(Stuck)


def stuck(*, after: str = "", limit: int = LIMIT) -> Page[Stuck]:
    """Stuck deliveries, oldest first."""
    found = [
        _stuck.decode(row[0]) for row in sql.run(STUCK, {"after": position(after) or 0, "limit": limit + 1})
    ]
    return cut(found, limit, lambda delivery: int(delivery.id))
