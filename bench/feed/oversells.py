"""Orders of what was not there: how old the number was that the buyer saw, and who is told of them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from bench.feed.town import Town
from bench.feed.trade import Sale
from quartermaster.console.causes.queries import CAUSES
from quartermaster.core import sql
from quartermaster.core.moment import now

# What is documented (docs/why/channels.md): an hour of waiting when every call fails, and the work beside it.
WORK_S: Final = 60.0
LATER: Final = datetime.max.replace(tzinfo=UTC)  # what is not known at all yet
PARKED = """
select c.slug, o.external_id, o.id, (select sum(l.open) from orders_line l where l.order_id = o.id)::bigint
from orders_order o join inbox_connection c on c.id = o.connection_id
where exists (select from core_event e where e.subject = 'order:SO-' || o.id and e.name = 'OrderParked')
  and not o.status = 'cancelled'
order by o.id
"""
# When an order was first known here, and when its units were first taken off what others may buy.
COUNTED = """
select c.slug, o.external_id, e.heard_at, coalesce(e.counted_at, e.heard_at)
from orders_order o join inbox_connection c on c.id = o.connection_id
cross join lateral (
  select min(e.recorded_at) as heard_at,
    min(e.recorded_at) filter (where e.name in ('OrderAllocated', 'OrderParked')) as counted_at
  from core_event e where e.subject = 'order:SO-' || o.id) e
"""
# When units were taken for it: when they came free for one that waited, again.
GIVEN = """
select c.slug, o.external_id, e.recorded_at from core_event e
join orders_order o on e.subject = 'order:SO-' || o.id join inbox_connection c on c.id = o.connection_id
where e.name = 'OrderAllocated'
"""
STORY = """
select o.status, array(select h.kind || ': ' || h.because from orders_hold h
    where h.order_id = o.id and h.released_at is null),
  array(select concat_ws(' ', l.code, l.parked, l.open, 'open', l.allocated, 'allocated', l.shipped, 'left')
    from orders_line l where l.order_id = o.id order by l.position),
  array(select e.name || ' ' || to_char(e.recorded_at, 'HH24:MI:SS.MS') from core_event e
    where e.subject = 'order:SO-' || o.id order by e.id)
from orders_order o where o.id = %s
"""
TAKEN = """
select c.slug, l.code, p.wanted_at, coalesce((
    select max(x.sent_at) from channels_push x where x.listing_id = p.listing_id and x.version = p.version
      and x.outcome in ('taken', 'accepted', 'unclear')), p.sent_at), p.answered_at,
  coalesce(p.has, p.quantity)
from channels_push p
join channels_listing l on l.id = p.listing_id join inbox_connection c on c.id = l.shop_id
where p.outcome in ('taken', 'read') and p.sent_at is not null order by p.answered_at
"""


class Oversell(NamedTuple):
    """`lag_s`: how long a sale was unknown where another was made because of it: the oldest that the number
    this buyer saw did not know of, or this one itself, of which others saw nothing while they bought and were
    heard before it. Or units came free, were shown, and went to an order that waited for them before this one
    was heard of; or the shop counted units of a cancelled order as there again, which were in a parcel or had
    never been there. None: nothing of this. `allowed_s`: the lag that is documented for where it was sold."""

    sale: Sale
    order_id: int
    is_waiting: bool
    lag_s: float | None
    allowed_s: float
    around: tuple[str, ...] = ()  # what happened to its SKU just before, where nothing explains it

    def __str__(self) -> str:
        ((status, holds, lines, events),) = sql.run(STORY, (self.order_id,))
        lag = "nothing explains it" if self.lag_s is None else f"{self.lag_s:.1f} s of {self.allowed_s:.1f}"
        return (
            f"SO-{self.order_id} ({self.sale.kind} {self.sale.order}), {self.sale.units} of {self.sale.sku} "
            f"at {self.sale.at:%H:%M:%S.%f}: {lag}; {status}, {holds}, {lines}, {events}; {self.around}"
        )


class Away(NamedTuple):
    kind: str
    since: datetime
    until: datetime

    def touches(self, kind: str, at: datetime) -> bool:
        """Whether what happened there then may have had to wait until the shop was back."""
        return kind == self.kind and self.since <= at


class Told(NamedTuple):
    """A number that a shop took. wanted_at: when it began to wait, None where nobody waited for it."""

    kind: str
    code: str
    wanted_at: datetime | None
    sent_at: datetime
    answered_at: datetime
    quantity: int


def hops(sales: list[Sale], away: Away, *, dirty_s: float) -> dict[str, tuple[float, float]]:
    """What a sale's way to the other shops took, hop by hop: (half of them, the longest) in seconds. Without
    those of the shop that was away, from then on."""
    times = {(slug, name): at for slug, name, *at in sql.run(COUNTED)}
    there = [one for one in sales if (one.kind, one.order) in times and not away.touches(one.kind, one.at)]
    told = [one for one in map(Told._make, sql.run(TAKEN)) if one.wanted_at]
    return {
        **{
            f"sold until it is known, {kind}": _half_and_most(
                times[one.kind, one.order][0] - one.at for one in there if one.kind == kind
            )
            for kind in sorted({one.kind for one in sales})
        },
        "known until it is counted": _half_and_most(counted - heard for heard, counted in times.values()),
        "counted until numbers are worked out": (dirty_s, dirty_s),
        "worked out until the shop has it": _half_and_most(
            one.answered_at - one.wanted_at
            for one in told
            if one.wanted_at and not away.touches(one.kind, one.answered_at)
        ),
    }


def _half_and_most(spans: Iterable[timedelta]) -> tuple[float, float]:
    seconds = sorted(span.total_seconds() for span in spans)
    return (seconds[len(seconds) // 2], seconds[-1]) if seconds else (0.0, 0.0)


def raised(town: Town) -> dict[tuple[str, str], list[datetime]]:
    """When shops showed more of a SKU than before, though nobody wrote it to them."""
    moments: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for kind, shop in town.shops.items():
        for at, sku, _ in shop.do("raised"):
            moments[kind, sku].append(datetime.fromisoformat(at))
    return moments


def found(town: Town, sales: list[Sale], away: Away, *, hour_s: float, dirty_s: float) -> list[Oversell]:
    """`hour_s`: what an hour of waiting takes here. `dirty_s`: the longest that a SKU waited for its numbers
    to be worked out: a number that was sent knows what was counted so long before. A number is as old as its
    shop is asked and told seldom, and for as long as a shop does not answer at all."""
    by_name = {(one.kind, one.order): one for one in sales}
    counted = {(slug, name): at for slug, name, _, at in sql.run(COUNTED)}
    of_sku: dict[str, list[Sale]] = defaultdict(list)
    for one in sales:
        of_sku[one.sku].append(one)
    pushes: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for told in map(Told._make, sql.run(TAKEN)):
        pushes[told.kind, told.code].append(told)
    given: dict[str, list[tuple[Sale, datetime]]] = defaultdict(list)
    for slug, name, at in sql.run(GIVEN):
        given[by_name[slug, name].sku].append((by_name[slug, name], at))
    back = raised(town)
    rows = []
    for slug, name, order_id, waiting in sql.run(PARKED):
        sale = by_name[slug, name]
        seen = pushes[slug, sale.sku]
        place = bisect_right(seen, sale.at, key=lambda one: one.answered_at)
        known_at = seen[place - 1].sent_at - timedelta(seconds=dirty_s) if place else sales[0].at
        unknown = [
            one
            for one in of_sku[sale.sku]
            if one is not sale and one.at <= sale.at and counted.get((one.kind, one.order), LATER) >= known_at
        ]
        faster = [
            one
            for one in of_sku[sale.sku]
            if one.kind != sale.kind
            and one.at > sale.at
            and counted.get((one.kind, one.order), LATER) < counted[sale.kind, sale.order]
        ]
        lags = [sale.at - one.at for one in unknown] + [one.at - sale.at for one in faster]
        if not lags:  # what came free for one that waited: that it was shown a moment is no sale's age
            lags = [
                abs(sale.at - at)
                for one, at in given[sale.sku]
                if one is not sale and known_at <= at <= counted[sale.kind, sale.order]
            ]
            lags += [sale.at - at for at in back[sale.kind, sale.sku] if known_at <= at <= sale.at]
        allowed = hour_s + WORK_S
        if any(away.touches(one.kind, one.at) for one in [sale, *unknown, *faster]):
            allowed += (away.until - away.since).total_seconds()
        lag = max(lags).total_seconds() if lags else None
        around = () if lags else _around(sale, counted, of_sku[sale.sku], given[sale.sku], seen, back)
        rows.append(Oversell(sale, order_id, waiting > 0, lag, allowed, around))
    return rows


def _around(
    sale: Sale,
    counted: Mapping[tuple[str, str], datetime],
    sales: Iterable[Sale],
    given: Iterable[tuple[Sale, datetime]],
    seen: Iterable[Told],
    back: Mapping[tuple[str, str], Iterable[datetime]],
) -> tuple[str, ...]:
    """What was sold, counted, given and told of this SKU in the minute around the sale, in its sequence."""
    rows = [(one.at, f"{one.kind} {one.order} sold {one.units}") for one in sales]
    rows += [(at, f"{one.kind} {one.order} counted") for one in sales if (at := counted.get(one[:2]))]
    rows += [(at, f"{one.kind} {one.order} given") for one, at in given]
    rows += [(one.answered_at, f"{one.kind} has {one.quantity} of {one.sent_at:%M:%S.%f}") for one in seen]
    rows += [(at, "it has more by itself") for at in back.get((sale.kind, sale.sku), ())]
    near = sorted(row for row in rows if abs(row[0] - sale.at) < timedelta(seconds=60))
    return tuple(f"{at:%M:%S.%f} {what}" for at, what in near)


def surfaced() -> set[int]:
    """Orders that the page of exceptions names as short of stock, waiting for it, or held meanwhile."""
    found = set()
    for name in ("shortage", "backorder", "holds"):
        asked = f"select g.order_id from ({CAUSES[name].rows}) g"
        found |= {order_id for (order_id,) in sql.run(asked, {"now": now()})}
    return found
