"""Everything a batch of routing decisions is made from: read once, in a constant number of statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from quartermaster.allocation.queries.ruleset import RULES
from quartermaster.allocation.queries.shelf import Rooms, rooms
from quartermaster.allocation.rules import Calendar, Order, Part, RuleSet, Site, Wanted
from quartermaster.allocation.rules.promise import ends
from quartermaster.catalog.queries import goods, parts, restrictions
from quartermaster.catalog.rules.restrictions import Good, Restriction, Way, judge
from quartermaster.core import sql
from quartermaster.core.queries.versions import in_force
from quartermaster.core.workdays import holidays_between, last_zone
from quartermaster.orders.actions.state import OrderState
from quartermaster.stock.actions import lock_levels, see_levels
from quartermaster.stock.queries.calendars import CALENDARS, read, site_days
from quartermaster.stock.queries.calendars import Site as SiteDays
from quartermaster.stock.queries.dates import over

SKUS = """
select id, code, is_kit, is_hazmat, policy, backorder_cap,
  exists (select from stock_lot l where l.sku_id = catalog_sku.id)
from catalog_sku where id = any(%s)
"""
SITES = f"""
select l.id, l.code, l.kind, l.country, l.region, l.is_active, l.takes_hazmat, l.ships_to::text, l.latitude,
  l.longitude,
  l.timezone,
  l.cutoff, l.orders_per_day_max,
  case when l.orders_per_day_max is null then 0 else (
    select count(*) from allocation_allocation a
    where a.location_id = l.id and a.state <> 'cancelled'
      and a.at >= date_trunc('day', %(at)s::timestamptz)) end,
  coalesce((select jsonb_object_agg(n.country, jsonb_build_array(n.cost_minor, n.days))
            from allocation_lane n where n.location_id = l.id), '{{}}')::text,
  coalesce((select jsonb_object_agg(case t.region when '' then t.country else t.country || '-' || t.region
  end, jsonb_build_array(t.days, t.n, round(100 * t.share)))
            from allocation_transit t where t.location_id = l.id), '{{}}')::text, {CALENDARS}
from stock_location l order by l.code
"""  # noqa: S608 - constants only


HOLIDAYS_AHEAD = timedelta(days=30)  # longer than any run of days off


class SkuFacts(NamedTuple):
    id: int
    code: str
    is_kit: bool
    is_hazmat: bool
    policy: str
    cap: int | None
    has_days: bool  # are there lots of it with a day on which they expire?


class SiteFacts(NamedTuple):
    """A location as routing sees it, whatever the order. lanes: country ("" = elsewhere) -> (cost_minor,
    days). learned: country, or country-region -> (days, parcels they were learned of, of how many in a
    hundred)."""

    id: int
    code: str
    kind: str
    country: str
    is_active: bool
    takes_hazmat: bool
    ships_to: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    is_before_cutoff: bool
    capacity_left: int | None
    lanes: Mapping[str, Sequence[int | None]]
    learned: Mapping[str, Sequence[int]]
    calendar: Calendar


@dataclass(slots=True)
class Ground:
    """What a batch decides from. `free` goes down as units are promised."""

    rules: RuleSet
    sites: list[SiteFacts]
    skus: dict[int, SkuFacts]
    parts: dict[int, tuple[Part, ...]]  # sku id -> what one unit takes from the shelf
    part_ids: dict[str, int]
    free: dict[tuple[int, str], int]  # (location id, sku code) -> units free to promise
    safety: dict[tuple[int, str], int]
    over: dict[tuple[int, str], int]  # units past their day, taken off `free` already
    incoming: dict[str, int]
    taken: dict[int, int]  # location id -> orders it took in this batch
    on: date
    at: datetime
    dated: set[int]  # ids of the SKUs that have lots with a day
    restrictions: tuple[Restriction, ...]
    goods: dict[int, tuple[Good, ...]]  # sku id -> what a restriction asks of it; empty while there is none
    is_locked: bool = False  # are the levels ours until the commit?
    slowest: int = 0  # days of the slowest lane there is
    # what channels ask for of lots, and what there is for them
    shelf: Rooms = field(default_factory=lambda: Rooms({}, {}))

    def left_for(self, channel: str, location_id: int, code: str) -> tuple[int, int]:
        """Units that a channel may be promised there, and the days it asks for (0: none)."""
        free = self.free.get((location_id, code), 0)
        return self.shelf.left_for(channel, location_id, self.part_ids[code], free)

    def take(self, channel: str, location_id: int, code: str, count: int) -> None:
        """Units are promised: the next order cannot have them, whatever it asks for."""
        self.free[location_id, code] -= count
        days = self.shelf.asks.get((channel, self.part_ids[code]), 0) if self.shelf.asks else 0
        rooms = self.shelf.rooms.get((location_id, self.part_ids[code]), {}) if days else {}
        for step in rooms:
            if step <= days:
                rooms[step] -= count

    def has_for_one(self, sku_id: int) -> bool:
        """Do the sites, taken together, have what one unit takes? One bulb is no stock of a set of two."""
        return all(
            sum(max(0, left) for (_, code), left in self.free.items() if code == part.sku) >= part.per_unit
            for part in self.parts[sku_id]
        )


def gather(sku_ids: Iterable[int], reserved: Collection[int] = (), *, lock: bool, at: datetime) -> Ground:
    """Read SKUs, kits, sites and rules, and see (or lock) the levels of everything that may be taken or given
    back. `reserved`: SKUs that are reserved now, which a kit redefined since may no longer name."""
    ids = sorted(set(sku_ids))
    skus = {row[0]: SkuFacts._make(row) for row in sql.run(SKUS, (ids,))}
    kits = parts([sku.id for sku in skus.values() if sku.is_kit])
    missing = sorted({*reserved, *(part for leaves in kits.values() for part, _ in leaves)} - skus.keys())
    others = [SkuFacts._make(row) for row in sql.run(SKUS, (missing,))] if missing else []
    everything = [*skus.values(), *others]
    codes = {sku.id: sku.code for sku in everything}
    taken_apart = {
        sku.id: tuple(Part(codes[part], quantity) for part, quantity in kits.get(sku.id, ()))
        if sku.is_kit
        else (Part(sku.code, 1),)
        for sku in skus.values()
    }
    lines = restrictions(on=at.date())
    ground = Ground(
        rules=rules_in_force(),
        sites=[_site(row, at) for row in sql.run(SITES, {"at": at})],
        skus=skus,
        parts=taken_apart,
        part_ids={code: sku_id for sku_id, code in codes.items()},
        free={},
        safety={},
        over={},
        incoming={},
        taken={},
        on=at.date(),
        at=at,
        dated={sku.id for sku in everything if sku.has_days},
        restrictions=lines,
        goods=goods(skus) if lines else {},
    )
    table = (lane[1] or 0 for site in ground.sites for lane in site.lanes.values())
    seen = (lane[0] for site in ground.sites for lane in site.learned.values())
    ground.slowest = max((*table, *seen), default=0)
    look(ground, lock=lock)
    return ground


def look(ground: Ground, *, lock: bool = True) -> None:
    """Read what is free now, nothing of it taken: at first without locks, then with them when it matters, and
    again after units were given back in this transaction."""
    names = {sku_id: code for code, sku_id in ground.part_ids.items()}
    for known in (ground.free, ground.safety, ground.over, ground.incoming, ground.taken):
        known.clear()
    ground.is_locked = lock
    past = over(ground.dated, at=ground.at) if ground.dated else {}
    levels = lock_levels(sorted(names)) if lock else see_levels(sorted(names))
    ground.shelf = rooms(ground.dated, at=ground.at) if ground.dated else Rooms({}, {})
    for level in levels:
        code = names[level.sku_id]
        gone = past.get((level.sku_id, level.location_id), 0)
        ground.free[level.location_id, code] = max(0, level.free - gone)
        if gone:
            ground.over[level.location_id, code] = gone
        if level.safety:
            ground.safety[level.location_id, code] = level.safety
        ground.incoming[code] = ground.incoming.get(code, 0) + level.incoming


def rules_in_force() -> RuleSet:
    """The newest version of the rule stack, or the one everybody starts with."""
    return in_force(RULES).content


def _site(row: tuple[Any, ...], at: datetime) -> SiteFacts:
    site_id, code, kind, country, region, is_active, takes_hazmat, *rest = row
    ships_to, latitude, longitude, timezone, cutoff, orders_max, orders_today, lanes, learned, days = rest
    calendar = calendar_of(SiteDays(country, region, timezone, cutoff, read(days)), at)
    today = at.astimezone(ZoneInfo(timezone)).date()
    return SiteFacts(
        id=site_id,
        code=code,
        kind=kind,
        country=country,
        is_active=is_active,
        takes_hazmat=takes_hazmat,
        ships_to=tuple(msgspec.json.decode(ships_to)),
        latitude=latitude,
        longitude=longitude,
        is_before_cutoff=calendar.cutoff is None or at <= ends(today, calendar.cutoff, ZoneInfo(timezone)),
        capacity_left=None if orders_max is None else max(0, orders_max - orders_today),
        lanes=msgspec.json.decode(lanes),
        learned=msgspec.json.decode(learned),
        calendar=calendar,
    )


def calendar_of(site: SiteDays, at: datetime) -> Calendar:
    """The days of the weeks in which a site may hand over; they are looked up once a day."""
    found = site_days(site, at.astimezone(ZoneInfo(site.timezone)).date())
    return Calendar(
        at.astimezone(UTC),
        site.timezone,
        found.cutoff,
        found.closed_on,
        found.week,
        found.handling_days,
        found.open_on,
        found.cutoffs_on,
    )


@lru_cache(maxsize=1024)
def receiver(country: str, region: str, lanes_days: int, today: date) -> tuple[tuple[date, ...], str]:
    """The receiver's days without delivery, as far ahead as the slowest lane may need, and the zone."""
    until = today + HOLIDAYS_AHEAD + timedelta(days=2 * lanes_days)
    return holidays_between(country, region, today, until), last_zone(country)


def wanted(order: OrderState, ground: Ground) -> tuple[Wanted, ...]:
    """The open lines of an order that a site can be found for."""
    found = []
    for line in order.lines:
        quantity = line.needs
        if not quantity or not ground.parts.get(line.sku_id or 0):
            continue
        sku = ground.skus[line.sku_id or 0]
        value = (line.gross_minor - line.discount_minor) * quantity // max(1, line.units.sold)
        found.append(Wanted(line.id, sku.code, quantity, value, ground.parts[sku.id], sku.is_hazmat))
    return tuple(found)


def order_facts(order: OrderState, lines: tuple[Wanted, ...], ground: Ground, at: datetime) -> Order:
    address = order.ship_to or {}
    country, region = str(address.get("country", "")), str(address.get("region", ""))
    no_delivery_on, timezone = receiver(country, region, ground.slowest, at.date())
    return Order(
        number=order.number,
        country=country,
        region=region,
        postcode=str(address.get("postcode", "")),
        currency=order.currency,
        value_minor=sum(line.value_minor for line in lines),
        channel=order.channel,
        priority=order.priority,
        tags=order.tags,
        wanted=lines,
        ships_complete=order.ships_complete,
        promise_days=order.promise_days,
        latitude=_number(address.get("latitude")),
        longitude=_number(address.get("longitude")),
        no_delivery_on=no_delivery_on,
        timezone=timezone,
    )


def _barred(site: SiteFacts, country: str, wants: Sequence[Good], ground: Ground) -> tuple[str, ...]:
    """What is prohibited; what is only restricted, or not known, a person has looked at before it comes
    here."""
    found = judge(wants, ground.restrictions, Way(country, ground.on, site.code, origin=site.country))
    return tuple(each.because for each in found if each.level == "prohibited")


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def site_facts(order: Order, ground: Ground) -> tuple[Site, ...]:
    """Every site with what is free there of the SKUs wanted. A parcel
    after the cut-off leaves a day later, one of a site with days of handling so many."""
    codes = {part.sku for line in order.wanted for part in line.parts}
    ids = {sku.code: sku.id for sku in ground.skus.values()} if ground.restrictions else {}
    wants = [good for line in order.wanted for good in ground.goods.get(ids.get(line.code, 0), ())]
    sites = []
    for s in ground.sites:
        cost, days = s.lanes.get(order.country) or s.lanes.get("") or (None, None)
        seen = (0, 0)
        if s.learned and (
            known := s.learned.get(f"{order.country}-{order.region}") or s.learned.get(order.country)
        ):
            days, seen = known[0], (known[1], known[2])
        if days is not None:
            days += s.calendar.handling_days + (not s.is_before_cutoff)
        left = s.capacity_left
        there = {code: ground.left_for(order.channel, s.id, code) for code in codes}
        sites.append(
            Site(
                s.code,
                s.kind,
                s.country,
                s.is_active,
                s.is_before_cutoff,
                None if left is None else max(0, left - ground.taken.get(s.id, 0)),
                s.takes_hazmat,
                s.ships_to,
                cost,
                days,
                s.latitude,
                s.longitude,
                {code: free for code, (free, _) in there.items() if free},
                {code: held for code in codes if (held := ground.safety.get((s.id, code), 0))}
                if ground.safety
                else {},
                s.calendar,
                seen,
                _barred(s, order.country, wants, ground) if wants else (),
                {code: gone for code in codes if (gone := ground.over.get((s.id, code), 0))}
                if ground.over
                else {},
                {
                    code: (kept, days)
                    for code, (free, days) in there.items()
                    if days and (kept := ground.free.get((s.id, code), 0) - free) > 0
                }
                if ground.shelf.asks
                else {},
            )
        )
    return tuple(sites)
