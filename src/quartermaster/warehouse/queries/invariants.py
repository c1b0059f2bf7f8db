"""What must hold on the floor, each proved by one statement over all of it. Rows come back as sentences.

Orders that the floor has not heard the newest of are no news: a moment ago somebody cancelled.
"""

from collections import Counter, defaultdict
from collections.abc import Callable

from quartermaster.core import sql
from quartermaster.stock.queries.claims import held
from quartermaster.stock.rules.claims import Held, by_holder, whole
from quartermaster.warehouse.queries.care import CARE
from quartermaster.warehouse.queries.count_invariants import COUNTS
from quartermaster.warehouse.queries.floor import UNPACKED
from quartermaster.warehouse.queries.insert_invariants import INSERTS
from quartermaster.warehouse.queries.photo_invariants import PHOTOS
from quartermaster.warehouse.queries.timer_invariants import TIMERS

ROWS_MAX = 100
UNHEARD = """
select from core_delivery d where d.listener = 'warehouse.keep_in_step' and d.subject = 'order:SO-' || {order}
"""
LEDGER = """
with floor as (
  select location_id, sku_id, sum(units) as units from (
    select a.location_id, p.sku_id, p.picked as units
    from warehouse_pick p join allocation_allocation a on a.id = p.allocation_id where p.picked > 0
    union all
    select location_id, sku_id, -quantity from warehouse_put_back where done_at is not null
    union all
    select p.location_id, i.sku_id, -i.quantity
    from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
    where p.state = 'handed_over' and p.external_id = '') x
  group by location_id, sku_id),
ledger as (
  select p.location_id, b.sku_id, sum(b.quantity) as units
  from stock_balance b join stock_place p on p.id = b.place_id
  where b.state = 'picked' and p.location_id is not null group by p.location_id, b.sku_id)
select s.code, l.code, coalesce(g.units, 0), coalesce(f.units, 0)
from floor f full join ledger g using (location_id, sku_id)
join catalog_sku s on s.id = sku_id join stock_location l on l.id = location_id
where coalesce(f.units, 0) <> coalesce(g.units, 0) order by 1, 2 limit %s
"""
CLAIMS = f"""
with picked as (
  select order_id, line_id, sku_id, sum(units)::bigint as units from (
    select order_id, line_id, sku_id, picked as units from warehouse_pick where picked > 0
    union all select order_id, line_id, sku_id, -quantity from warehouse_put_back) x
  group by order_id, line_id, sku_id),
claimed as (
  select r.claim as line_id, r.sku_id, sum(r.quantity)::bigint as units from stock_reservation r
  where r.state = 'consumed' and r.settled_by like 'pick:%%' group by r.claim, r.sku_id)
select 'SO-' || l.order_id, s.code, coalesce(p.units, 0), coalesce(c.units, 0)
from picked p full join claimed c using (line_id, sku_id)
join orders_line l on l.id = line_id
join catalog_sku s on s.id = coalesce(p.sku_id, c.sku_id)
where coalesce(p.units, 0) <> coalesce(c.units, 0) and not exists ({UNHEARD.format(order="l.order_id")})
limit %s
"""  # noqa: S608 - constants only
LINES = f"""
with touched as (
  select line_id, min(order_id) as order_id from warehouse_pick group by line_id),
boxed as (
  select i.line_id, sum(i.line_units) as packed,
    coalesce(sum(i.line_units) filter (where p.state = 'handed_over'), 0) as gone
  from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
  where p.external_id = '' and p.state in ('packed', 'labelled', 'handed_over') group by i.line_id),
back as (
  select line_id, sum(line_units) as units from warehouse_put_back where done_at is null group by line_id)
select 'SO-' || t.order_id, l.id, l.code, l.picked, l.packed, coalesce(k.units, 0)::bigint,
  coalesce(b.packed, 0)::bigint, coalesce(b.gone, 0)::bigint
from touched t join orders_line l on l.id = t.line_id
left join boxed b on b.line_id = l.id left join back k on k.line_id = l.id
where not exists ({UNHEARD.format(order="t.order_id")})
"""  # noqa: S608 - constants only
STATES = f"""
select 'SO-' || a.order_id, a.id, a.state from allocation_allocation a
where not exists ({UNHEARD.format(order="a.order_id")}) and case
  when a.state = 'picking' then not exists (
    select from warehouse_pick p where p.allocation_id = a.id and (p.state = 'to_pick' or p.picked > 0)
      and p.order_id = a.order_id)
  when a.state = 'packed' then exists (
    select from warehouse_pick p where p.allocation_id = a.id and p.order_id = a.order_id
      and p.state = 'to_pick')
    or not exists (select from warehouse_parcel p where p.order_id = a.order_id
      and p.location_id = a.location_id and p.state in ('packed', 'labelled'))
  when a.state in ('waiting', 'released') then exists (
    select from warehouse_pick p where p.allocation_id = a.id and p.order_id = a.order_id
      and p.state = 'to_pick')
  end
limit %s
"""  # noqa: S608 - constants only
OVERFULL = """
with boxed as (
  select p.order_id, i.line_id, i.sku_id, i.lot, i.serial, sum(i.quantity) as units
  from warehouse_parcel p join warehouse_parcel_item i on i.parcel_id = p.id
  where p.external_id = '' and p.state <> 'cancelled' group by 1, 2, 3, 4, 5),
picked as (
  select line_id, sku_id, lot, serial, sum(units) as units from (
    select line_id, sku_id, lot, serial, picked as units from warehouse_pick where picked > 0
    union all select line_id, sku_id, lot, serial, -quantity from warehouse_put_back) x
  group by 1, 2, 3, 4)
select 'SO-' || b.order_id, s.code, b.units, coalesce(p.units, 0)
from boxed b left join picked p using (line_id, sku_id, lot, serial) join catalog_sku s on s.id = b.sku_id
where b.units > coalesce(p.units, 0) limit %s
"""
LEFT_EMPTY = f"""
select 'P-' || p.id, 'SO-' || p.order_id from warehouse_parcel p
where p.state = 'packing' and p.external_id = ''
  and not exists (select from warehouse_parcel_item i where i.parcel_id = p.id)
  and {UNPACKED.format(of="p", closed="")} <= 0 and not exists ({UNHEARD.format(order="p.order_id")})
limit %s
"""  # noqa: S608 - constants only
# Work of a wave that was given back is on no list of it; on a cart every order has its slot.
WAVES = """
select 'PL-' || l.id, 'is ' || l.state || ', W-' || w.id || ' was given up'
from warehouse_wave w join warehouse_pick_list l on l.wave_id = w.id
where (w.state = 'cancelled' or (w.state = 'planned' and w.closed_at is not null))
  and l.state in ('open', 'picking')
union all
select distinct 'PL-' || l.id, 'has no tote for SO-' || p.order_id
from warehouse_wave w join warehouse_pick_list l on l.wave_id = w.id and l.state in ('open', 'picking')
join warehouse_pick p on p.pick_list_id = l.id
where w.mode = 'cluster' and not exists (
  select from warehouse_tote t where t.pick_list_id = l.id and t.order_id = p.order_id)
limit %s
"""


def floors_that_differ() -> list[str]:
    return [
        f"{sku} at {site}: the ledger has {held_there} picked, lists, parcels and put-backs say {floor}"
        for sku, site, held_there, floor in sql.run(LEDGER, (ROWS_MAX,))
    ]


def units_of_nobody() -> list[str]:
    return [
        f"{number}: {picked} × {sku} picked and not put back, {claimed} of them claimed"
        for number, sku, picked, claimed in sql.run(CLAIMS, (ROWS_MAX,))
    ]


def lines_that_differ() -> list[str]:
    """Kits are counted as wholes, by the rule that counts them when they are picked."""
    rows = sql.run(LINES)
    parts: defaultdict[int, list[Held]] = defaultdict(list)
    for part in held(row[1] for row in rows):
        parts[part.claim].append(part._replace(consumed=part.picked))
    wrong = []
    for number, line_id, code, picked, packed, back, boxed, gone in rows:
        claimed = Counter({key: whole(mine) for key, mine in by_holder(parts[line_id]).items()}).total()
        if picked != claimed - gone + back:
            wrong.append(f"{number} {code}: {picked} picked, the floor has {claimed - gone + back}")
        if packed != boxed - gone:
            wrong.append(f"{number} {code}: {packed} packed, closed parcels hold {boxed - gone}")
    return wrong[:ROWS_MAX]


def parcels_that_hold_too_much() -> list[str]:
    return [
        f"{number}: {boxed} × {sku} in parcels, {picked} picked for it"
        for number, sku, boxed, picked in sql.run(OVERFULL, (ROWS_MAX,))
    ]


def parcels_left_empty() -> list[str]:
    return [
        f"{parcel} is open and empty, and nothing of {number} waits for it: open it again to end it"
        for parcel, number in sql.run(LEFT_EMPTY, (ROWS_MAX,))
    ]


def states_that_do_not_follow() -> list[str]:
    return [
        f"{number}: allocation {allocation} is {state}, its picks and parcels say otherwise"
        for number, allocation, state in sql.run(STATES, (ROWS_MAX,))
    ]


def waves_that_do_not_hold() -> list[str]:
    return [f"{number} {what}" for number, what in sql.run(WAVES, (ROWS_MAX,))]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "warehouse.ledger",
        "What the ledger has picked is what lists brought and parcels and put-backs have not taken away.",
        floors_that_differ,
    ),
    (
        "warehouse.claims",
        "Every picked unit belongs to a line that wants it, or somebody is to put it back.",
        units_of_nobody,
    ),
    (
        "warehouse.lines",
        "What a line has picked and packed is on the floor and in parcels.",
        lines_that_differ,
    ),
    ("warehouse.parcels", "No parcel holds what was not picked for its order.", parcels_that_hold_too_much),
    (
        "warehouse.empty",
        "No empty parcel is open where nothing of its order waits for one.",
        parcels_left_empty,
    ),
    ("warehouse.states", "An allocation's state follows from its units.", states_that_do_not_follow),
    *COUNTS,
    *TIMERS,
    *CARE,
    *INSERTS,
    *PHOTOS,
    (
        "warehouse.waves",
        "A wave that was given up has no list to pick, and every order on a cart has its tote.",
        waves_that_do_not_hold,
    ),
)
