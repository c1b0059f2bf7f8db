"""Timers as they run: what is due next, what will be late at the pace of the last hour, what is late."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from quartermaster.core import sql
from quartermaster.core.care import Cared
from quartermaster.core.pages import Page, position_at, told_at
from quartermaster.core.queries.versions import Document
from quartermaster.warehouse.queries.care import LATE_AS, CareShown, listed
from quartermaster.warehouse.rules.timers import FIRST, Targets

TARGETS: Final = Document(
    "The targets of the floor",
    "warehouse_timer_targets",
    "targets",
    Targets,
    FIRST,
    "What we start with: picked within 4 hours, packed within 6, handed over by the cut-off.",
)
KINDS: Final = ("next", "breaching", "breached")
LIMIT: Final = 50


class TimerShown(msgspec.Struct, frozen=True):
    """A timer that runs. row: names it when something is said of it. stage: what is to be done next. place:
    its place in the site's queue for that. expected_at: when it is done at the pace of the site's last hour,
    None while nobody does any. care: None while nobody said anything of it."""

    row: str
    order: str
    location: str
    stage: str
    target: str
    started_at: datetime
    due_at: datetime
    place: int
    expected_at: datetime | None
    breached: str
    minutes_left: int
    worth_minor: int
    currency: str
    care: CareShown | None = None


# The pace: orders picked, parcels packed and parcels handed over in the last hour, by site. Counted once: a
# plan that takes the timers for few would count it for each of them.
ROWS: Final = """
with pace as materialized (
  select l.location_id, 'pick' as stage, count(distinct k.allocation_id) as an_hour
  from warehouse_pick_list l join warehouse_pick k on k.pick_list_id = l.id
  where l.made_at > %(at)s::timestamptz - interval '24 hours'
    and k.picked_at > %(at)s::timestamptz - interval '1 hour' group by 1
  union all select t.location_id, 'pack', count(*) from warehouse_timer t
  where t.stage in ('pick', 'pack', 'dispatch') and t.packed_at > %(at)s::timestamptz - interval '1 hour'
  group by 1
  union all select p.location_id, 'dispatch', count(distinct p.allocation_id) from warehouse_parcel p
  where p.handed_over_at > %(at)s::timestamptz - interval '1 hour' group by 1),
running as (
  select t.*, row_number() over (partition by t.location_id, t.stage order by t.next_due_at, t.allocation_id)
    as place
  from warehouse_timer t where t.stage in ('pick', 'pack', 'dispatch') and t.next_due_at is not null),
seen as (
  select r.*, %(at)s::timestamptz + r.place * interval '1 hour' / p.an_hour as expected_at
  from running r left join pace p using (location_id, stage))
"""
FROM: Final = """
from seen s join stock_location l on l.id = s.location_id
where (%(site)s = '' or l.code = %(site)s) and (%(stage)s = '' or s.stage = %(stage)s)
  and (%(sites)s::text[] is null or l.code = any(%(sites)s))
"""
OF_KIND: Final = {
    "next": "and s.next_due_at > %(at)s and (s.expected_at is null or s.expected_at <= s.next_due_at)",
    "breaching": "and s.next_due_at > %(at)s and s.expected_at > s.next_due_at",
    "breached": "and s.next_due_at <= %(at)s",
}
_RUNG: Final = "case {}.stage when 'pick' then 2 when 'pack' then 3 else 4 end"  # of rules.care.OF_A_PART


def breached(timer: str, now: str = "%(now)s") -> Cared:
    """What is too late stands on the rung of its stage. timer: what the statement calls the table."""
    of = f"{timer}.allocation_id"
    return listed("allocation_id", of, _RUNG.format(timer), f"{timer}.next_due_at", now)


LISTED: Final = {
    "breaching": listed("allocation_id", "s.allocation_id", "1", "s.started_at", "%(at)s"),
    "breached": breached("s", "%(at)s"),
}
_TOLD: Final = f"""case when s.next_due_at <= %(at)s then {LISTED["breached"].told(LATE_AS)}
  else {LISTED["breaching"].told(LATE_AS)} end"""
PAGE: Final = f"""{ROWS}, page as (select s.*, l.code, {_TOLD} as care {FROM} {{kind}}
  and (s.next_due_at, s.allocation_id) > (%(after)s, %(after_id)s)
  order by s.next_due_at, s.allocation_id limit %(limit)s)
select row_to_json(r)::text from (
  select 'A-' || p.allocation_id as row, 'SO-' || p.order_id as order, p.code as location, p.stage, p.target,
    p.started_at, p.next_due_at as due_at, p.place, p.expected_at, p.breached,
    trunc(extract(epoch from p.next_due_at - %(at)s) / 60)::bigint as minutes_left,
    o.total_minor as worth_minor, o.currency, p.care
  from page p join orders_order o on o.id = p.order_id order by p.next_due_at, p.allocation_id) r
"""  # noqa: S608 - constants only
_timer = msgspec.json.Decoder(TimerShown)


def timers(
    kind: str,
    *,
    at: datetime,
    site: str = "",
    stage: str = "",
    sites: tuple[str, ...] = (),
    show: str = "all",
    assignee: str = "",
    only: Sequence[int] | None = None,
    after: str = "",
    limit: int = LIMIT,
) -> Page[TimerShown]:
    """The nearest due first. kind: one of KINDS. sites: only these, none: all. show: one of
    core.care.SHOWS, of what is or will be late; assignee: only theirs. only: of these allocations. Raises
    BadCursor."""
    due_at, last_id = position_at(after)
    asked = {
        **_asked(at, site, stage, sites, assignee),
        "after": due_at,
        "after_id": last_id,
        "limit": limit + 1,
    }
    conditions = shown(kind, show)
    if only is not None:
        asked["only"], conditions = list(only), f"{conditions} and s.allocation_id = any(%(only)s)"
    found = [_timer.decode(row) for (row,) in sql.run(PAGE.format(kind=conditions), asked)]
    return Page(found[:limit], _cursor(found[limit - 1]) if len(found) > limit else None)


def _cursor(one: TimerShown) -> str:
    return told_at(one.due_at, int(one.row.removeprefix("A-")))


def counted(
    *,
    at: datetime,
    site: str = "",
    stage: str = "",
    sites: tuple[str, ...] = (),
    show: str = "all",
    assignee: str = "",
) -> dict[str, int]:
    """How many rows each of KINDS lists, by the same conditions."""
    found = sql.run(counts_of(show), _asked(at, site, stage, sites, assignee))
    return dict(zip(KINDS, found[0], strict=True))


def counts_of(show: str = "all") -> str:
    each = ", ".join(f"count(*) filter (where true {shown(kind, show)})" for kind in KINDS)
    return f"{ROWS} select {each} {FROM}"


def shown(kind: str, show: str) -> str:
    """The conditions of a list. What is next is everybody's: nothing can be said of it."""
    if kind not in LISTED:
        return OF_KIND[kind]
    return f"{OF_KIND[kind]} and {LISTED[kind].shown(show)} and {LISTED[kind].theirs}"


def _asked(at: datetime, site: str, stage: str, sites: tuple[str, ...], assignee: str) -> dict[str, object]:
    return {"at": at, "site": site, "stage": stage, "sites": list(sites) or None, "assignee": assignee}
