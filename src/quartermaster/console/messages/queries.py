"""What the message pages read beyond the inbox's own queries: counts for the tabs, and a window of time."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.console.navigation import COUNTED_MAX
from quartermaster.core import sql
from quartermaster.inbox.models import Message

WINDOW_MAX = 200  # rows of one replay: each is shown with its result

# Each state is written out: only then does the planner see that the index of open messages serves it.
_COUNT = "(select count(*) from (select from inbox_message where state = '{}' limit %(most)s) m)"
COUNTS = "select " + ", ".join(_COUNT.format(state) for state in Message.State.values)
WINDOW = """
select m.id, c.slug as connection, m.topic, m.state, m.because, m.received_at, octet_length(m.body) as size
from inbox_message m join inbox_connection c on c.id = m.connection_id
where c.slug = %(connection)s and m.received_at >= %(since)s and m.received_at < %(until)s
  and (%(states)s::text[] is null or m.state = any(%(states)s::text[]) or m.id = any(%(ids)s::bigint[]))
order by m.id limit %(limit)s
"""


class InWindow(msgspec.Struct, frozen=True):
    id: int
    connection: str
    topic: str
    state: str
    because: str
    received_at: datetime
    size: int


class Window(NamedTuple):
    """rows: the oldest WINDOW_MAX; has_more: there are others behind them."""

    rows: list[InWindow]
    has_more: bool


def counts() -> Mapping[str, int]:
    """Messages per state, counted up to COUNTED_MAX + 1 each. One statement."""
    found = sql.run(COUNTS, {"most": COUNTED_MAX + 1})[0]
    return dict(zip(Message.State.values, found, strict=True))


def stuck_steps() -> int:
    """Steps that a fact set off and that failed for good, counted up to COUNTED_MAX + 1."""
    asked = "select count(*) from (select from core_delivery where stuck_at is not null limit %s) d"
    return int(sql.run(asked, (COUNTED_MAX + 1,))[0][0])


def window(
    connection: str,
    *,
    since: datetime,
    until: datetime,
    states: Iterable[str] = (),
    ids: Iterable[int] = (),
) -> Window:
    """Of a connection, received in [since, until), in one of `states` (none: any) or `ids`. Oldest first."""
    wanted = {
        "connection": connection,
        "since": since,
        "until": until,
        "states": list(states) or None,
        "ids": list(ids),
        "limit": WINDOW_MAX + 1,
    }
    found = [InWindow(*row) for row in sql.run(WINDOW, wanted)]
    return Window(found[:WINDOW_MAX], len(found) > WINDOW_MAX)
