"""Replays, how far they are, and what became of each message."""

from datetime import datetime
from typing import Literal

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position

_SHOWN = """select r.id::text as id, c.slug as connection, r.topic, r.states, r.since_at, r.until_at, r.phase,
  r.is_stopped, r.reads, r.messages, r.changing, r.same, r.failing, r.unsaid, r.queued, r.settled,
  r.went_wrong, r.asked_by, r.asked_at, r.told_by, r.told_at, r.failures, r.because, r.ended_at
  from inbox_replay r join inbox_connection c on c.id = r.connection_id"""
REPLAYS = f"""
select row_to_json(x)::text from ({_SHOWN}
  where (%(after)s::bigint is null or r.id < %(after)s) and (%(connection)s = '' or c.slug = %(connection)s)
  order by r.id desc limit %(limit)s) x
"""  # noqa: S608 - a constant
OPEN = f"select row_to_json(x)::text from ({_SHOWN} where r.ended_at is null order by r.id) x"  # noqa: S608
REPLAY = f"select row_to_json(x)::text from ({_SHOWN} where r.id = %s) x"  # noqa: S608 - a constant
_ROWS = """
select row_to_json(x)::text from (
  select w.message_id::text as message_id, m.topic, m.received_at, w.found, w.said, w.changes,
    w.read_at is not null as is_read, w.result, w.because
  from inbox_replay_row w join inbox_message m on m.id = w.message_id
  where w.replay_id = %(replay)s and (%(after)s::bigint is null or w.message_id > %(after)s) {}
  order by w.message_id limit %(limit)s) x
"""
ROWS = {
    "": _ROWS.format(""),
    "went-wrong": _ROWS.format("and w.result in ('stuck', 'unreadable')"),
    **{one: _ROWS.format(f"and w.found = '{one}'") for one in ("changing", "same", "failing", "unsaid")},
}


class ReplayShown(msgspec.Struct, frozen=True):
    """messages: all of it, as far as they are gathered. changing, same, failing, unsaid: what reading them
    again would do, as far as they are rehearsed. reads: which are read: "" while nobody said so, changing or
    all; of these queued are on their way, settled are through, and went_wrong ended stuck or unreadable.
    because: why its newest part failed."""

    id: str
    connection: str
    topic: str
    states: tuple[str, ...]
    since_at: datetime
    until_at: datetime
    phase: Literal["gathering", "rehearsing", "rehearsed", "reading", "done", "ended"]
    is_stopped: bool
    reads: Literal["", "changing", "all"]
    messages: int
    changing: int
    same: int
    failing: int
    unsaid: int
    queued: int
    settled: int
    went_wrong: int
    asked_by: str
    asked_at: datetime
    told_by: str
    told_at: datetime | None
    failures: int
    because: str
    ended_at: datetime | None

    @property
    def rehearsed(self) -> int:
        return self.changing + self.same + self.failing + self.unsaid

    @property
    def to_read(self) -> int:
        """How many are to be read; 0 while nobody said so."""
        return {"": 0, "changing": self.changing, "all": self.messages}[self.reads]

    @property
    def is_moving(self) -> bool:
        """It changes by itself: a page that shows it looks again."""
        is_worked = self.phase in ("gathering", "rehearsing", "reading") and not self.is_stopped
        return is_worked or self.settled < self.queued


class FieldChanged(msgspec.Struct, frozen=True):
    """A field of an order: "new" is one that is not here yet."""

    order: str
    field: str
    before: str
    after: str


class ReplayRowShown(msgspec.Struct, frozen=True):
    """found: "" where it was not rehearsed. result: "" while it is not read, else the message's state
    then."""

    message_id: str
    topic: str
    received_at: datetime
    found: Literal["", "changing", "same", "failing", "unsaid"]
    said: str
    changes: tuple[FieldChanged, ...]
    is_read: bool
    result: Literal["", "received", "used", "ignored", "unreadable", "stuck"]
    because: str


def replays(*, connection: str = "", after: str = "", limit: int = LIMIT) -> Page[ReplayShown]:
    """The newest first."""
    found = sql.run(REPLAYS, {"connection": connection, "after": position(after), "limit": limit + 1})
    return cut(
        [msgspec.json.decode(row, type=ReplayShown) for (row,) in found], limit, lambda one: int(one.id)
    )


def open_replays() -> list[ReplayShown]:
    """Those that are not over, one of a connection at most, the oldest first."""
    return [msgspec.json.decode(row, type=ReplayShown) for (row,) in sql.run(OPEN)]


def replay_of(replay_id: int) -> ReplayShown:
    """Raises NotFound."""
    for (row,) in sql.run(REPLAY, (replay_id,)):
        return msgspec.json.decode(row, type=ReplayShown)
    raise NotFound(what="replay", which=replay_id)


def replay_rows(
    replay_id: int, *, only: str = "", after: str = "", limit: int = LIMIT
) -> Page[ReplayRowShown]:
    """In the order in which they are read. only: of those found so, or "went-wrong"."""
    asked = {"replay": replay_id, "after": position(after), "limit": limit + 1}
    rows = [msgspec.json.decode(row, type=ReplayRowShown) for (row,) in sql.run(ROWS[only], asked)]
    return cut(rows, limit, lambda one: int(one.message_id))
