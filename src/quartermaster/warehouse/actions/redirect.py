"""A bin holds fewer units than pickers were sent there for: they are sent to another one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.events import CountDone, LotQuarantined, PickedShort
from quartermaster.orders.actions.state import OrderState, load
from quartermaster.stock.actions import lock_some
from quartermaster.stock.queries.dates import usable
from quartermaster.warehouse.actions.direct import Directed, Wanted, directed, write
from quartermaster.warehouse.actions.recall import Off, recall, take_off
from quartermaster.warehouse.actions.rows import PickRow, left_of_orders
from quartermaster.warehouse.queries.shelf import Asks, asks

THERE = f"""
select b.sku_id, b.place_id, b.lot, b.serial, b.quantity, t.expires_on from stock_balance b
join (select distinct * from jsonb_to_recordset(%(bins)s::jsonb) as s(sku_id bigint, place_id bigint)) w
  using (sku_id, place_id)
join stock_place p on p.id = b.place_id
left join stock_lot t on t.sku_id = b.sku_id and t.code = b.lot
where b.state = 'available' and {usable("t.expires_on", "b.sku_id", "p.location_id")}
"""  # noqa: S608 - constants only
LAST = """
select pick_list_id, max(position) from warehouse_pick where pick_list_id = any(%s) group by pick_list_id
"""
# Orders with picks of bins that hold less than is to be picked from them.
OVERDRAWN = """
select distinct p.order_id from warehouse_pick p
join jsonb_to_recordset(%s::jsonb) as w(sku text, place text) on true
join catalog_sku s on s.code = w.sku and s.id = p.sku_id
join stock_place b on b.code = w.place and b.id = p.place_id
where p.state = 'to_pick' and (
  select sum(o.quantity - o.picked) from warehouse_pick o
  where (o.sku_id, o.place_id, o.lot, o.serial) = (p.sku_id, p.place_id, p.lot, p.serial)
    and o.state = 'to_pick') > coalesce((
  select v.quantity from stock_balance v
  where (v.sku_id, v.place_id, v.lot, v.serial) = (p.sku_id, p.place_id, p.lot, p.serial)
    and v.state = 'available'), 0)
"""


class Lacking(NamedTuple):
    """Units of a pick that do not lie in its bin any more, and what was done about them."""

    pick: PickRow
    units: int
    because: str


def send_elsewhere(heard: Sequence[PickedShort | CountDone | LotQuarantined]) -> None:
    """The listener: a bin holds less to pick than was thought. Who is on the way there goes elsewhere."""
    bins = sql.rows({"sku": event.sku, "place": event.place} for event in heard)
    orders = load(row[0] for row in sql.run(OVERDRAWN, (bins,)))
    if not orders:
        return
    lock_bins(left_of_orders(orders))
    recall(orders, at=heard[-1].at, by="floor")
    redirect(left_of_orders(orders), orders, at=heard[-1].at, by="floor")


def lock_bins(picks: Iterable[PickRow]) -> None:
    """From now on nobody else changes what lies in the bins of these picks, or what is promised of it."""
    lock_some({(pick.sku_id, pick.location_id) for pick in picks})


def redirect(
    picks: Sequence[PickRow], orders: Mapping[int, OrderState], *, at: datetime, by: str
) -> dict[int, Lacking]:
    """Send the units of these picks that their bins do not hold any more, or whose day is over, to other bins
    of the site, at the end of their lists; what lies nowhere else goes back to what is to be put on lists.
    Picks that come first keep what is there. Answers with the picks that lost units, by id.

    `orders` are locked, those of all the picks, and so are the levels (`lock_bins`). A constant number of
    statements when every bin holds enough, else some for each list and site more.
    """
    lacking = _lacking(picks, at)
    instead = _instead([(pick, units) for pick, units, _ in lacking], at)
    found = []
    for number, (pick, units, why) in enumerate(lacking):
        mine = instead[number]
        told = [f"{one.units} from {one.spot.place} instead" for one in mine]
        rest = units - sum(one.units for one in mine)
        told += [f"{rest} to be put on a list anew"] if rest else []
        found.append(Lacking(pick, units, f"{why}: {', '.join(told)}"))
    lists: defaultdict[int, list[Directed]] = defaultdict(list)
    for number, ones in instead.items():
        lists[lacking[number][0].pick_list_id] += ones
    last = dict(sql.run(LAST, (sorted(lists),))) if lists else {}
    sites = {pick.pick_list_id: pick.location_id for pick, *_ in lacking}
    for list_id, ones in sorted(lists.items()):  # first: a list with nothing left on it would be done
        write(list_id, ones, sites[list_id], after=last[list_id])
    take_off([Off(*one) for one in found], orders, at=at, by=by)
    return {one.pick.id: one for one in found}


def _lacking(picks: Sequence[PickRow], at: datetime) -> list[tuple[PickRow, int, str]]:
    """(pick, units it loses, why)"""
    bins = sql.rows({"sku_id": pick.sku_id, "place_id": pick.place_id} for pick in picks)
    rows = sql.run(THERE, {"bins": bins, "at": at})
    there, expires = Counter({row[:4]: row[4] for row in rows}), {row[:4]: row[5] for row in rows}
    asked: Asks = {}
    if any(expires.values()):
        asked = asks(((pick.order_id, pick.sku_id, pick.location_id) for pick in picks), at=at)
    found = []
    for pick in picks:
        spot = (pick.sku_id, pick.place_id, pick.lot, pick.serial)
        ask, day = asked.get((pick.order_id, pick.sku_id, pick.location_id)), expires.get(spot)
        if ask and ask.from_on and day and day < ask.from_on and pick.left:
            why = f"lot {pick.lot} expires on {day}, and {ask.channel} asks for {ask.days} days to be left"
            found.append((pick, pick.left, why))
            continue
        if pick.left > there[spot]:
            found.append((pick, pick.left - there[spot], f"{pick.place} holds too few"))
        there[spot] -= min(pick.left, there[spot])
    return found


def _instead(lacking: Sequence[tuple[PickRow, int]], at: datetime) -> defaultdict[int, list[Directed]]:
    """Where else the units are, by the number of their pick in `lacking`."""
    found: defaultdict[int, list[Directed]] = defaultdict(list)
    for site in sorted({pick.location_id for pick, _ in lacking}):
        wanted = {
            number: Wanted(pick.allocation_id, pick.order_id, pick.line_id, pick.sku_id, pick.sku, units)
            for number, (pick, units) in enumerate(lacking)
            if pick.location_id == site
        }
        number_of = {id(one): number for number, one in wanted.items()}  # two picks may want the same
        for one in directed(list(wanted.values()), site, at=at):
            found[number_of[id(one.wanted)]].append(one)
    return found
