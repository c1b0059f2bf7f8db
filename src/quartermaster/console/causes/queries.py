"""All causes counted in one statement, and the rows of one group."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from quartermaster.console.causes import (
    backorder,
    contents,
    drifts,
    effects,
    floor,
    foreseen,
    holds,
    keys,
    labels,
    lanes,
    late,
    listings,
    manifests,
    marketplaces,
    messages,
    no_scan,
    outside,
    overdue,
    pickups,
    prices,
    reserve,
    returns,
    shortage,
    silence,
    steps,
    timers,
    trouble,
    unknown_sku,
)
from quartermaster.console.causes.answered import NEVER, cared
from quartermaster.console.causes.cause import Cause, Group, Row
from quartermaster.core import sql
from quartermaster.core.care import Cared, CareTold
from quartermaster.core.errors import NotFound

COUNTED_MAX = 2_000  # rows of a cause: beyond that, "2,000+" asks for the same act, and every row costs joins
ROWS_MAX = 200  # rows of a page, and of one act on all of them

CAUSES: Mapping[str, Cause] = {
    module.CAUSE.name: module.CAUSE
    for module in (
        *(late, holds, unknown_sku, shortage, backorder, messages, steps, silence, labels),
        *(outside, no_scan, trouble, overdue, timers, foreseen, lanes, returns, effects, floor, reserve),
        *(manifests, pickups, drifts, listings, contents, prices, keys, marketplaces),
    )
}

_GROUPS = """
select '{name}' as cause, g.of, g.currency, count(*) as rows, count(distinct g.order_id) as orders,
  coalesce(sum(g.minor), 0)::bigint as minor, min(g.at) as first_at, max(g.at) as last_at,
  min(g.due_at) as due_at, (array_agg(g.note order by g.at desc))[1] as note,
  array_agg(distinct g.assignee) filter (where g.assignee <> '') as whose,
  count(*) filter (where g.assignee = '') as unassigned, count(*) filter (where g.is_back) as back
from (select r.*, {assignee} as assignee, {is_back} as is_back from ({rows}) r where {shown} limit %(most)s) g
group by g.of, g.currency
"""
_ROWS = """
select r.act, r.title, r.link, r.note, r.at, r.due_at, r.minor, r.currency, {told}::text
from ({rows}) r where r.of = %(of)s and {shown} order by r.due_at nulls last, r.at desc, r.act limit %(most)s
"""
_care = msgspec.json.Decoder(CareTold)


# As in the rail: `/*here t.location_id*/` is where only the sites of a person are looked at. What has none
# (an order that is held, a message) is everybody's.
_HERE = re.compile(r"/\*here ([a-z_.]+)\*/")


def groups(
    causes: Iterable[Cause],
    *,
    at: datetime,
    sites: Sequence[str] = (),
    show: str = "open",
    assignee: str = "",
) -> list[Group]:
    """Every group of these causes that has rows: one statement. A cause is counted up to COUNTED_MAX + 1.
    sites: what is of others is left out; none: all. show: one of core.care.SHOWS; assignee: only theirs."""
    asked = " union all ".join(_group_of(cause, sites, show) for cause in causes)
    found: dict[tuple[str, str], Group] = {}
    given = {"now": at, "most": COUNTED_MAX + 1, "sites": list(sites), "assignee": assignee}
    for name, of, currency, *rest in sql.run(asked, given):
        each = _group(name, of, currency, rest)
        known = found.get((name, of))
        found[name, of] = _both(known, each) if known else each
    total: Counter[str] = Counter()
    for group in found.values():
        total[group.cause] += group.rows
    return [group._replace(is_more=total[group.cause] > COUNTED_MAX) for group in found.values()]


def rows(
    cause: Cause,
    of: str,
    *,
    at: datetime,
    sites: Sequence[str] = (),
    show: str = "open",
    assignee: str = "",
) -> list[Row]:
    """The rows of one group, the most urgent first; ROWS_MAX + 1 at most. The rest: as for `groups`."""
    asked = {"now": at, "of": of, "most": ROWS_MAX + 1, "sites": list(sites), "assignee": assignee}
    text = _ROWS.format(rows=from_(cause, sites), told=care_of(cause).told(), shown=condition(cause, show))
    found = sql.run(text, asked)
    return [Row._make((*row, _care.decode(care) if care else None)) for *row, care in found]


def care_of(cause: Cause) -> Cared:
    """What is said of a cause's rows `r`."""
    return cared(cause.name, at="r.at" if cause.begins_anew else NEVER)


def condition(cause: Cause, show: str) -> str:
    """Which rows `r` of a cause are shown. Where people answer for them on another list, that has left out
    what was answered for already."""
    if cause.answered_in:
        return "true"
    theirs = care_of(cause)
    return f"{theirs.shown(show)} and {theirs.theirs}"


def _group_of(cause: Cause, sites: Sequence[str], show: str) -> str:
    theirs = care_of(cause)
    mine = f"(select c.assignee from {theirs.table} c where {theirs.of})"  # noqa: S608 - constants only
    return _GROUPS.format(
        name=cause.name,
        rows=from_(cause, sites),
        assignee=f"coalesce({mine}, '')",
        is_back=theirs.are(f"c.answer <> '' and not {theirs.counts}"),
        shown=condition(cause, show),
    )


def from_(cause: Cause, sites: Sequence[str]) -> str:
    """The statement that yields its rows, of these sites."""
    here = r"and \1 in (select id from stock_location where code = any(%(sites)s))" if sites else ""
    return _HERE.sub(here, cause.rows)


def cause_of(name: str) -> Cause:
    """Raises NotFound."""
    if name not in CAUSES:
        raise NotFound(what="cause", which=msgspec.json.encode(name[:40]).decode())
    return CAUSES[name]


def _group(name: str, of: str, currency: str, rest: Sequence[object]) -> Group:
    count, orders, minor, first_at, last_at, due_at, note, whose, unassigned, back = rest
    money = {currency: minor} if currency and minor else {}
    told = Group(name, of, count, orders, money, first_at, last_at, due_at, str(note or ""))  # type: ignore[arg-type]
    return told._replace(whose=tuple(whose or ()), unassigned=unassigned, back=back)  # type: ignore[arg-type]


def _both(one: Group, other: Group) -> Group:
    """The same group in two currencies."""
    newer = max(one, other, key=lambda group: group.last_at)
    due = [group.due_at for group in (one, other) if group.due_at]
    return Group(
        one.cause,
        one.of,
        one.rows + other.rows,
        one.orders + other.orders,
        {**one.money, **other.money},
        min(one.first_at, other.first_at),
        newer.last_at,
        min(due, default=None),
        newer.note,
        whose=tuple(sorted({*one.whose, *other.whose})),
        unassigned=one.unassigned + other.unassigned,
        back=one.back + other.back,
    )
