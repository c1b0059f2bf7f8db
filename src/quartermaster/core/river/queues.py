"""What a worker can take from: deliveries of events to a listener,
and anything else that behaves like them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from quartermaster.core import sql
from quartermaster.core.events import Event

ATTEMPTS_MAX = 5
type Listen = Callable[[Sequence[Any]], None]


class Item(NamedTuple):
    """One claimed thing: its row id, and what the work needs."""

    id: int
    content: Any


class Queue(Protocol):
    """A queue in the database. All but `name` and `batch` run inside the worker's transaction."""

    name: str
    batch: int

    def claim(self, limit: int, only: Sequence[int] | None = None) -> list[Item]:
        """Lock up to `limit` due items that nobody else holds, oldest first; with `only`, just those."""
        ...

    def work(self, items: Sequence[Item]) -> None:
        """Do the work and consume the items."""
        ...

    def park(self, item_id: int, because: str, *, for_good: bool = False) -> None:
        """Count a failure: due again later, or stuck with its reason after ATTEMPTS_MAX or `for_good`."""
        ...

    def pending(self) -> int:
        """Items that will be worked without anybody's doing: not those
        that are stuck or wait for something."""
        ...

    def stuck(self) -> int:
        """Items that failed for good and wait for a person."""
        ...


# `offset 0` keeps the look at earlier deliveries a look per row, by index. Joined instead, it is planned
# for as many
# rows as there were when the queue was last analysed, which is none, and then goes through all there are.
CLAIM = """
select d.id, e.name, e.subject, e.at, e.actor, e.source, e.body::text
from core_delivery d join core_event e on e.id = d.event_id
where d.listener = %(listener)s and d.stuck_at is null and (d.retry_at is null or d.retry_at <= now())
  and (%(only)s::bigint[] is null or d.id = any(%(only)s::bigint[]))
  and not exists (
    select from core_delivery earlier
    where earlier.listener = d.listener and earlier.subject = d.subject and earlier.event_id < d.event_id
    offset 0)
order by d.event_id
limit %(limit)s
for update of d skip locked
"""

# A look per listener, by index, whatever the others have to hear.
WAITED_FOR = """
select listener from unnest(%(listeners)s::text[]) as listener
where exists (
  select from core_delivery d
  where d.listener = listener.listener and d.stuck_at is null and (d.retry_at is null or d.retry_at <= now()))
"""

PARK = """
update core_delivery
set attempts = attempts + 1, because = %(because)s,
    retry_at = now() + least(power(4, attempts), 900) * interval '1 second',
    stuck_at = case when attempts + 1 >= %(attempts_max)s then now() end
where id = %(id)s
"""


class Deliveries:
    """The events one listener has still to hear, oldest first; one event of a subject at a time."""

    def __init__(
        self, listener: str, listen: Listen, kinds: Mapping[str, type[Event]], batch: int = 250
    ) -> None:
        self.name, self.batch = listener, batch
        self._listen, self._kinds = listen, kinds

    def claim(self, limit: int, only: Sequence[int] | None = None) -> list[Item]:
        ids = None if only is None else list(only)
        found = sql.run(CLAIM, {"listener": self.name, "limit": limit, "only": ids}, prepare=False)
        return [Item(row[0], row[1:]) for row in found]

    def _event(self, name: str, subject: str, at: datetime, actor: str, source: str, body: str) -> Event:
        """Read only when it is worked: one that cannot be read (any more) then fails alone."""
        fields = msgspec.json.decode(body)
        fields |= {"subject": subject, "at": at, "actor": actor, "source": source}
        return msgspec.convert(fields, self._kinds[name])

    def work(self, items: Sequence[Item]) -> None:
        self._listen([self._event(*item.content) for item in items])
        sql.run("delete from core_delivery where id = any(%s)", ([item.id for item in items],))

    def park(self, item_id: int, because: str, *, for_good: bool = False) -> None:
        most = 0 if for_good else ATTEMPTS_MAX
        sql.run(PARK, {"id": item_id, "because": because, "attempts_max": most})

    def pending(self) -> int:
        query = """
            select count(*) from core_delivery d where listener = %s and stuck_at is null and not exists (
              select from core_delivery s where s.listener = d.listener and s.subject = d.subject
                and s.stuck_at is not null and s.event_id < d.event_id)"""
        return int(sql.run(query, (self.name,))[0][0])

    def stuck(self) -> int:
        query = "select count(*) from core_delivery where listener = %s and stuck_at is not null"
        return int(sql.run(query, (self.name,))[0][0])


def waited_for(queues: Sequence[Queue]) -> set[str]:
    """The names of the listeners among the queues that have something to hear now: one statement for all."""
    listeners = [queue.name for queue in queues if isinstance(queue, Deliveries)]
    return {name for (name,) in sql.run(WAITED_FOR, {"listeners": listeners})}
