"""Keep messages: raw bytes first, durable before anybody is thanked, many arrivals in one commit."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
import psycopg
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.river import signal
from quartermaster.core.river.fates import Fate, fate
from quartermaster.core.texts import TEXT_MAX, short, storable

GROUP_MAX = 200  # arrivals in one commit at most


class Arrival(msgspec.Struct):
    """A message at the door, its signature checked. `because` is set
    when it needs no reading (a set-up ping)."""

    connection_id: int
    delivery_id: str
    topic: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    because: str = ""


# Same delivery id and bytes: thanked and dropped. Same id, other bytes: kept apart for a person to see.
# Same topic and bytes under another id: kept, used once. Every case is one row or none, whatever comes at
# the same time.
KEEP = """
insert into inbox_message
  (connection_id, delivery_id, topic, sha256, headers, body, received_at, state, because, handled_at)
select a.connection_id, a.delivery_id, a.topic, a.sha256, a.headers::jsonb, a.body, a.received_at,
  case when a.because <> '' then 'ignored' when clash.id is not null then 'unreadable'
       when twin.id is not null then 'ignored' else 'received' end,
  case when a.because <> '' then a.because
       when clash.id is not null then 'its delivery id was used before for other content, by message ' ||
         clash.id
       when twin.id is not null then 'same content as message ' || twin.id else '' end,
  case when a.because <> '' or clash.id is not null or twin.id is not null then a.received_at end
from unnest(%b::bigint[], %b::text[], %b::text[], %b::bytea[], %b::text[], %b::bytea[], %b::timestamptz[],
  %b::text[])
  as a(connection_id, delivery_id, topic, sha256, headers, body, received_at, because)
left join lateral (
  select id from inbox_message m where m.connection_id = a.connection_id and m.delivery_id = a.delivery_id
    and m.sha256 <> a.sha256 limit 1) clash on true
left join lateral (
  select id from inbox_message m where m.connection_id = a.connection_id and m.sha256 = a.sha256
    and m.topic = a.topic and m.delivery_id <> a.delivery_id limit 1) twin on true
on conflict (connection_id, delivery_id, sha256) do nothing
"""


def keep(arrivals: Sequence[Arrival], connection: psycopg.Connection) -> None:
    """Store arrivals in one durable commit on an autocommit connection.
    Raises psycopg.Error: then nothing is stored."""
    columns = [list(column) for column in zip(*map(_row, arrivals), strict=True)]
    connection.execute(KEEP, columns)
    signal.wake()


def take_down(arrivals: Sequence[Arrival]) -> None:
    """Store what was fetched, in the caller's transaction. What came before as it is changes nothing."""
    seen = {(a.connection_id, a.delivery_id, a.topic, a.body): a for a in arrivals}
    if seen:
        sql.run(KEEP, [list(column) for column in zip(*map(_row, seen.values()), strict=True)])
        transaction.on_commit(signal.wake)


def _row(arrival: Arrival) -> tuple[object, ...]:
    digest = hashlib.sha256(arrival.body).digest()
    headers = {storable(name): storable(value) for name, value in arrival.headers.items()}
    return (
        arrival.connection_id,
        _identity(arrival.delivery_id) or f"sha256:{digest.hex()}",
        short(arrival.topic),
        digest,
        msgspec.json.encode(headers).decode(),
        arrival.body,
        arrival.received_at,
        arrival.because,
    )


def _identity(text: str) -> str:
    """An id as it came when it can be stored and indexed, else its
    hash: never shortened, so never mixed up."""
    if len(text) <= TEXT_MAX and storable(text) == text:
        return text
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


class _Ticket:
    __slots__ = ("arrival", "error", "is_done")

    def __init__(self, arrival: Arrival) -> None:
        self.arrival, self.is_done = arrival, False
        self.error: Exception | None = None


class Keeper:
    """Group commit for one web process: while one thread commits, the others queue up for the next commit.

    No artificial delay: alone, a message is its own group. `keep` returns when the message is durable.
    """

    def __init__(self) -> None:
        self._waiting: list[_Ticket] = []
        self._adding, self._writing = threading.Lock(), threading.Lock()
        self._connection: psycopg.Connection | None = None

    def keep(self, arrival: Arrival) -> None:
        """Raises psycopg.Error when it could not be stored; the sender must be told to come again."""
        ticket = _Ticket(arrival)
        with self._adding:
            self._waiting.append(ticket)
        while not ticket.is_done:
            with self._writing:
                if not ticket.is_done:
                    self._write(self._next_group())
        if ticket.error is not None:
            raise ticket.error

    def _next_group(self) -> list[_Ticket]:
        """Those who wait, oldest first. A delivery id comes once in a group: what one statement stores cannot
        be seen by the statement itself, and other bytes under the same id must be."""
        group: dict[tuple[int, str], _Ticket] = {}
        with self._adding:
            for ticket in self._waiting[:GROUP_MAX]:
                group.setdefault((ticket.arrival.connection_id, ticket.arrival.delivery_id), ticket)
            taken = set(map(id, group.values()))
            self._waiting = [ticket for ticket in self._waiting if id(ticket) not in taken]
        return list(group.values())

    def _write(self, group: Sequence[_Ticket]) -> None:
        try:
            self._store([ticket.arrival for ticket in group])
        except Exception as error:
            if len(group) > 1 and fate(error) is Fate.FAILED:  # one of them cannot be stored: the others can
                for ticket in group:
                    self._write([ticket])
            else:
                for ticket in group:
                    ticket.error = error
        for ticket in group:
            ticket.is_done = True

    def _store(self, arrivals: Sequence[Arrival]) -> None:
        for attempt in (1, 2):
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = signal.dedicated("intake")
                    self._connection.prepare_threshold = 1
                return keep(arrivals, self._connection)
            except psycopg.Error as error:
                if fate(error) is Fate.FAILED:
                    raise
                # The server went away. Storing again is safe: what did get in is recognised and dropped.
                if self._connection is not None:
                    self._connection.close()
                    self._connection = None
                if attempt == 2:
                    raise
        return None
