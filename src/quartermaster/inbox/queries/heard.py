"""When each connection was last heard, and how long its silences usually are."""

from datetime import datetime

import msgspec

from quartermaster.core import sql

LOOKED_AT = 100  # newest messages of a connection: enough to know its rhythm

HEARD = """
select c.slug, c.kind, m.last_at, m.messages, m.gap_s
from inbox_connection c
left join lateral (
  select max(g.received_at) as last_at, count(*) as messages,
    percentile_disc(0.95) within group (order by g.gap_s) as gap_s
  from (
    select n.received_at,
      extract(epoch from n.received_at - lead(n.received_at) over (order by n.id desc)) as gap_s
    from (select id, received_at from inbox_message where connection_id = c.id
          order by id desc limit %(looked_at)s) n
  ) g
) m on true
where c.is_active
order by c.slug
"""


class Heard(msgspec.Struct, frozen=True):
    """An active connection. last_at: its newest message, None when there was none. gap_s: the silence that 95
    of 100 of its newest silences do not exceed, in seconds; None with fewer than two messages."""

    slug: str
    kind: str
    last_at: datetime | None
    messages: int
    gap_s: float | None


def heard() -> list[Heard]:
    """Every active connection by slug. One statement, on an index, however many messages there are."""
    return [
        Heard(slug, kind, last_at, messages, None if gap_s is None else float(gap_s))
        for slug, kind, last_at, messages, gap_s in sql.run(HEARD, {"looked_at": LOOKED_AT})
    ]
