"""What happened to a subject, as it was recorded."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position


class Fact(msgspec.Struct, frozen=True):
    """One event row. `at`: when it happened in the world; `recorded_at`: when we learned it."""

    id: str
    name: str
    subject: str
    at: datetime
    recorded_at: datetime
    actor: str
    source: str
    body: Mapping[str, object]


TIMELINE = """
select row_to_json(f)::text from (
  select id::text as id, name, subject, at, recorded_at, actor, source, body from core_event
  where subject = %(subject)s and id > %(after)s order by core_event.id limit %(limit)s) f
"""
NEWEST = """
select row_to_json(f)::text from (
  select id::text as id, name, subject, at, recorded_at, actor, source, body from core_event
  where subject = %(subject)s order by core_event.id desc limit %(limit)s) f
"""
_fact = msgspec.json.Decoder(Fact)


def timeline(subject: str, *, after: str = "", limit: int = LIMIT) -> Page[Fact]:
    """The events of one subject ("order:SO-1042"), oldest first."""
    wanted = {"subject": subject, "after": position(after) or 0, "limit": limit + 1}
    found = [_fact.decode(row[0]) for row in sql.run(TIMELINE, wanted)]
    return cut(found, limit, lambda fact: int(fact.id))


def newest(subject: str, *, limit: int) -> list[Fact]:
    """The last events of one subject, the newest first."""
    return [_fact.decode(row[0]) for row in sql.run(NEWEST, {"subject": subject, "limit": limit})]
