"""The queue of messages: claimed, read by a stage, and settled with what became of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.core.river.queues import ATTEMPTS_MAX, Item

BATCH_BYTES = 16 * 1024 * 1024  # of bodies in one batch


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

_MINE = "(connection_id in (select id from inbox_connection where kind = any(%(kinds)s))) = %(is_among)s"
# Oldest first, and no more than a worker can hold in memory; one is always taken, however large it is.
CLAIM = f"""
with due as (
  select id, octet_length(body) as size from inbox_message
  where state = 'received' and waits_for is null and (retry_at is null or retry_at <= now())
    and (%(only)s::bigint[] is null or id = any(%(only)s::bigint[]))
    and {_MINE}
  order by id
  limit %(limit)s
  for update skip locked),
fit as (select id, sum(size) over (order by id) - size as before from due)
select m.id, m.connection_id, c.slug, c.kind, m.topic, m.headers::text, m.body, m.received_at
from fit join inbox_message m using (id) join inbox_connection c on c.id = m.connection_id
where fit.before < %(bytes)s
order by m.id
"""  # noqa: S608 - a constant

COUNT = f"select count(*) from inbox_message where {_MINE}"  # noqa: S608 - a constant

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
where id = %(id)s and state = 'received'
"""


class Messages:
    """Received messages, oldest first. Two of one order may be read at once: versions decide, not arrival.

    Of connections of these `kinds` only, or (not `is_among`) of all others: what two stages read is read in
    two transactions, each with the locks of one stage. `kinds` is asked with every batch.
    """

    def __init__(
        self,
        read: Read,
        batch: int = 250,
        *,
        name: str = "inbox.messages",
        kinds: Callable[[], Sequence[str]] = tuple,
        is_among: bool = False,
    ) -> None:
        self._read, self.batch, self.name = read, batch, name
        self._kinds, self._is_among = kinds, is_among

    def claim(self, limit: int, only: Sequence[int] | None = None) -> list[Item]:
        ids = None if only is None else list(only)
        wanted = {"limit": limit, "bytes": BATCH_BYTES, "only": ids, **self._mine()}
        found = sql.run(CLAIM, wanted, binary=True, prepare=False)
        return [Item(row[0], Taken._make((*row[:5], msgspec.json.decode(row[5]), *row[6:]))) for row in found]

    def work(self, items: Sequence[Item]) -> None:
        outcomes = self._read([item.content for item in items])
        assert {outcome.id for outcome in outcomes} == {item.id for item in items}, (
            "a message without an outcome"
        )
        sql.run(SETTLE, (sql.rows(outcomes),))

    def park(self, item_id: int, because: str, *, for_good: bool = False) -> None:
        most = 0 if for_good else ATTEMPTS_MAX
        sql.run(PARK, {"id": item_id, "because": because, "attempts_max": most})

    def pending(self) -> int:
        return int(sql.run(COUNT + " and state = 'received' and waits_for is null", self._mine())[0][0])

    def stuck(self) -> int:
        return int(sql.run(COUNT + " and state = 'stuck'", self._mine())[0][0])

    def _mine(self) -> dict[str, object]:
        return {"kinds": list(self._kinds()), "is_among": self._is_among}


def wake_waiting(keys: Iterable[str]) -> None:
    """What these messages waited for has appeared: they are due now. In the caller's transaction."""
    wanted = sorted(set(keys))
    if wanted:
        sql.run(WAKE, (wanted,))
