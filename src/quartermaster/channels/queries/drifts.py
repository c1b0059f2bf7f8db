"""What shops and we see differently, and the comparisons that found it."""

from datetime import datetime
from typing import Literal

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, LIMIT_MAX, Page, cut, position

DRIFTS = """
select row_to_json(x)::text from (
  select d.id::text, c.slug as connection, d.kind, d.reference, d.theirs, d.ours, d.since, d.found_at,
    d.settled_at, d.settled_by, d.settled_because,
    d.settled_at is null and s.mode = 'live' and (d.kind in ('unshipped', 'price')
      or d.kind = 'refund' and exists (
        select from channels_payout p where p.order_id = d.order_id and p.state = 'told')) as can_tell_again,
    d.kind = 'price' and d.settled_at is null as can_take_theirs
  from channels_drift d join inbox_connection c on c.id = d.shop_id
  join channels_shop s on s.connection_id = d.shop_id
  where {which} order by d.id desc limit %(limit)s) x
"""
_CONDITIONS = {
    "connection": "d.shop_id = (select id from inbox_connection where slug = %(connection)s)",
    "after": "d.id < %(after)s",
}
_STATES = {"open": "d.settled_at is null", "settled": "d.settled_at is not null"}
COMPARISONS = """
select row_to_json(x)::text from (
  select k.id::text, k.phase, k.since, k.asked_by, k.began_at, k.ended_at, k.listed, k.late, k.found,
    k.settled, k.failures, k.because, k.note
  from channels_comparison k join inbox_connection c on c.id = k.shop_id
  where c.slug = %s order by k.id desc limit %s) x
"""


class DriftShown(msgspec.Struct, frozen=True):
    """Something a shop and we see differently. reference: SO-12, or the shop's own id or number. since: since
    when it has been so, where that is known. can_tell_again: the shop can be told, or asked to give
    back, once more; can_take_theirs: what it has can become ours."""

    id: str
    connection: str
    kind: Literal["late", "missing", "vanished", "unshipped", "uncancelled", "gap", "refund", "price"]
    reference: str
    theirs: str
    ours: str
    since: datetime | None
    found_at: datetime
    settled_at: datetime | None
    settled_by: str
    settled_because: str
    can_tell_again: bool
    can_take_theirs: bool


class ComparisonShown(msgspec.Struct, frozen=True):
    """A shop held against us. listed: orders it listed. late: of those, orders that no message had told of in
    time. found, settled: differences that were new, and that were no more. note: what the shop is busy with,
    while it is being read."""

    id: str
    phase: Literal["reading", "settling", "done"]
    since: datetime
    asked_by: str
    began_at: datetime
    ended_at: datetime | None
    listed: int
    late: int
    found: int
    settled: int
    failures: int
    because: str
    note: str


def drifts(*, connection: str = "", state: str = "", after: str = "", limit: int = LIMIT) -> Page[DriftShown]:
    """The newest first. state: open | settled | "". Raises BadCursor."""
    limit = min(max(limit, 1), LIMIT_MAX)
    asked = {"connection": connection, "after": position(after), "limit": limit + 1}
    which = [what for name, what in _CONDITIONS.items() if asked[name] not in ("", None)]
    which += [_STATES[state]] if state in _STATES else []
    # planned anew each time: what is open has an index of its own, and is little
    rows = sql.run(DRIFTS.format(which=" and ".join(which) or "true"), asked, prepare=False)
    found = [msgspec.json.decode(row, type=DriftShown) for (row,) in rows]
    return cut(found, limit, lambda one: int(one.id))


def comparisons(slug: str, *, limit: int = 20) -> list[ComparisonShown]:
    """Those of a shop, the newest first."""
    return [msgspec.json.decode(row, type=ComparisonShown) for (row,) in sql.run(COMPARISONS, (slug, limit))]
