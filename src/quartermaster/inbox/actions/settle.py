"""The queue of messages: claimed, read by a stage, and settled with what became of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.core.river.queues import ATTEMPTS_MAX, Item


class Taken(NamedTuple):
    """A kept message on its way to a reader."""

    id: int
    connection_id: int
    slug: str
    kind: str
    topic: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


class Outcome(msgspec.Struct, frozen=True):
    """What became of a message. With `waits_for` it stays received, parked until that appears."""

    id: int
    state: str  # received | used | ignored | unreadable
    because: str
    waits_for: str | None = None


type Read = Callable[[Sequence[Taken]], Sequence[Outcome]]

CLAIM = """
select m.id, m.connection_id, c.slug, c.kind, m.topic, m.headers::text, m.body, m.received_at
from inbox_message m join inbox_connection c on c.id = m.connection_id
where m.state = 'received' and m.waits_for is null and (m.retry_at is null or m.retry_at <= now())
  and (%(only)s::bigint[] is null or m.id = any(%(only)s::bigint[]))
order by m.id
limit %(limit)s
for update of m skip locked
"""

SETTLE = """
update inbox_message m
set state = o.state, because = o.because, waits_for = o.waits_for, handled_at = now(), retry_at = null
from jsonb_to_recordset(%s::jsonb) as o(id bigint, state text, because text, waits_for text)
where m.id = o.id
"""

# In one order, for another batch may wake some of the same.
WAKE = """
update inbox_message set waits_for = null where id in (
  select id from inbox_message where waits_for = any(%s) order by id for update)
"""
PARK = """
update inbox_message
set attempts = attempts + 1, because = %(because)s, handled_at = now(),
    retry_at = now() + least(power(4, attempts), 900) * interval '1 second',
    state = case when attempts + 1 >= %(attempts_max)s then 'stuck' else state end
where id = %(id)s
"""


class Messages:
    """Received messages, oldest first. Two of one order may be read at once: versions decide, not arrival."""

    name = "inbox.messages"

    def __init__(self, read: Read, batch: int = 250) -> None:
        self._read, self.batch = read, batch

    def claim(self, limit: int, only: Sequence[int] | None = None) -> list[Item]:
        ids = None if only is None else list(only)
        found = sql.run(CLAIM, {"limit": limit, "only": ids}, binary=True, prepare=False)
        return [Item(row[0], Taken._make((*row[:5], msgspec.json.decode(row[5]), *row[6:]))) for row in found]

    def work(self, items: Sequence[Item]) -> None:
        outcomes = self._read([item.content for item in items])
        assert {outcome.id for outcome in outcomes} == {item.id for item in items}, (
            "a message without an outcome"
        )
        sql.run(SETTLE, (sql.rows(outcomes),))

    def park(self, item_id: int, because: str) -> None:
        sql.run(PARK, {"id": item_id, "because": because, "attempts_max": ATTEMPTS_MAX})

    def pending(self) -> int:
        query = "select count(*) from inbox_message where state = 'received' and waits_for is null"
        return int(sql.run(query)[0][0])

    def stuck(self) -> int:
        return int(sql.run("select count(*) from inbox_message where state = 'stuck'")[0][0])


def wake_waiting(keys: Iterable[str]) -> None:
    """What these messages waited for has appeared: they are due now. In the caller's transaction."""
    wanted = sorted(set(keys))
    if wanted:
        sql.run(WAKE, (wanted,))
