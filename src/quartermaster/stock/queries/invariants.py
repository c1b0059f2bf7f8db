"""What must hold in the ledger, each proved by one statement over all of it. Rows come back as sentences.

Works while the shop works: a statement sees one moment, and every posting is one transaction.
"""

from collections.abc import Callable

from quartermaster.core import sql
from quartermaster.stock.queries.chains import broken_chains, unlinked_movements

ROWS_MAX = 100  # sentences about one invariant: more have the same cause

BALANCES = """
with leg as (
  select sku_id, source_id as place_id, source_state as state, lot, serial, -quantity as units
  from stock_movement
  union all
  select sku_id, target_id, target_state, lot, serial, quantity from stock_movement),
fold as (
  select sku_id, place_id, state, lot, serial, sum(units)::bigint as units
  from leg group by sku_id, place_id, state, lot, serial)
select coalesce(s.code, 'SKU ' || sku_id), coalesce(p.code, 'place ' || place_id),
  concat_ws(', ', state, 'lot ' || nullif(lot, ''), 'serial ' || nullif(serial, '')),
  coalesce(b.quantity, 0), coalesce(f.units, 0)
from fold f full join stock_balance b using (sku_id, place_id, state, lot, serial)
left join catalog_sku s on s.id = sku_id
left join stock_place p on p.id = place_id
where coalesce(f.units, 0) <> coalesce(b.quantity, 0)
order by sku_id, place_id, state, lot, serial limit %(rows_max)s
"""

LEVELS = """
with counted as (
  select b.sku_id, p.location_id, sum(b.quantity)::bigint as on_hand,
    coalesce(sum(b.quantity) filter (where b.state = 'available'), 0)::bigint as sellable
  from stock_balance b join stock_place p on p.id = b.place_id
  where p.location_id is not null
  group by b.sku_id, p.location_id),
promised as (
  select sku_id, location_id, sum(quantity)::bigint as reserved
  from stock_reservation where state = 'pending'
  group by sku_id, location_id)
select coalesce(s.code, 'SKU ' || sku_id), coalesce(l.code, 'location ' || location_id),
  coalesce(v.on_hand, 0), coalesce(v.sellable, 0), coalesce(v.reserved, 0),
  coalesce(c.on_hand, 0), coalesce(c.sellable, 0), coalesce(r.reserved, 0)
from stock_level v
full join counted c using (sku_id, location_id)
full join promised r using (sku_id, location_id)
left join catalog_sku s on s.id = sku_id
left join stock_location l on l.id = location_id
where v.on_hand is distinct from coalesce(c.on_hand, 0)
  or v.sellable is distinct from coalesce(c.sellable, 0)
  or v.reserved is distinct from coalesce(r.reserved, 0)
order by sku_id, location_id limit %(rows_max)s
"""

OVERSOLD = """
select s.code, l.code, v.reserved, v.sellable, v.on_hand
from stock_level v
join catalog_sku s on s.id = v.sku_id
join stock_location l on l.id = v.location_id
where v.reserved > v.sellable or v.reserved < 0 or v.sellable > v.on_hand
order by v.sku_id, v.location_id limit %(rows_max)s
"""

NEGATIVE = """
select s.code, p.code, b.state, b.quantity
from stock_balance b
join catalog_sku s on s.id = b.sku_id
join stock_place p on p.id = b.place_id
where b.quantity < 0 and b.place_id > 0
order by b.sku_id, b.place_id limit %(rows_max)s
"""

SUMS = """
select s.code, sum(b.quantity)
from stock_balance b join catalog_sku s on s.id = b.sku_id
group by s.id, s.code having sum(b.quantity) <> 0
order by s.id limit %(rows_max)s
"""


def wrong_balances() -> list[str]:
    """Balances that are not the fold of their movements."""
    return _sentences(BALANCES, "{} at {} ({}): the balance says {}, its movements say {}")


def wrong_levels() -> list[str]:
    """Levels that are not the sum of their balances and pending reservations."""
    says = "the level says {} there, {} sellable, {} reserved; balances and reservations say {}, {}, {}"
    return _sentences(LEVELS, f"{{}} at {{}}: {says}")


def oversold_levels() -> list[str]:
    """Levels that promise more than they can sell."""
    return _sentences(OVERSOLD, "{} at {}: {} reserved, {} sellable, {} there")


def negative_balances() -> list[str]:
    """Places on earth that hold less than nothing."""
    return _sentences(NEGATIVE, "{} at {} ({}): {}")


def wrong_sums() -> list[str]:
    """SKUs whose units do not add up to nothing over all places, the world included."""
    return _sentences(SUMS, "{}: {} units came from nowhere")


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("stock.balances", "Every balance is the sum of its movements.", wrong_balances),
    ("stock.levels", "Every level is the sum of its balances and pending reservations.", wrong_levels),
    ("stock.promises", "No site promises more units than it can sell.", oversold_levels),
    ("stock.places", "No place on earth holds less than nothing.", negative_balances),
    ("stock.sums", "Units are moved, never made: each SKU adds up to zero over all places.", wrong_sums),
    ("stock.links", "Every movement is in the chain of its SKU at each site it touched.", unlinked_movements),
    ("stock.chains", "No movement was changed, removed or slipped in after it was written.", broken_chains),
)


def _sentences(query: str, sentence: str) -> list[str]:
    return [sentence.format(*row) for row in sql.run(query, {"rows_max": ROWS_MAX})]
