"""Proof that no movement was changed, removed or slipped in: the database computes every chain anew.

Who can write everything, chains, heads and balances together, can forge a history: then only a head that was
written down elsewhere tells.
"""

from quartermaster.core import sql

# The content is `rules.chain.canonical`, in SQL.
CHAINS = """
with linked as (
  select k.sku_id, k.location_id, k.number, k.hash, k.movement_id, m.key,
    row_number() over chain as expected,
    coalesce(lag(k.hash) over chain, ''::bytea) as previous,
    convert_to(json_build_array(m.key, m.sku_id, m.quantity, m.source_id, m.target_id, m.source_state,
      m.target_state, m.lot, m.serial, m.because, m.document, m.actor,
      (extract(epoch from m.at) * 1000000)::bigint,
      (extract(epoch from m.recorded_at) * 1000000)::bigint)::text, 'UTF8') as content
  from stock_link k left join stock_movement m on m.id = k.movement_id
  window chain as (partition by k.sku_id, k.location_id order by k.number)),
broken as (
  select distinct on (sku_id, location_id) *
  from linked
  where number <> expected or key is null or hash <> sha256(previous || content)
  order by sku_id, location_id, number)
select coalesce(s.code, 'SKU ' || sku_id), coalesce(l.code, 'location ' || location_id), number, expected,
  movement_id, key
from broken
left join catalog_sku s on s.id = sku_id
left join stock_location l on l.id = location_id
order by sku_id, location_id limit %(rows_max)s
"""

HEADS = """
with last as (
  select distinct on (sku_id, location_id) sku_id, location_id, number, hash
  from stock_link order by sku_id, location_id, number desc)
select coalesce(s.code, 'SKU ' || sku_id), coalesce(l.code, 'location ' || location_id),
  coalesce(last.number, 0), coalesce(v.links, 0)
from stock_level v full join last using (sku_id, location_id)
left join catalog_sku s on s.id = sku_id
left join stock_location l on l.id = location_id
where v.links is distinct from coalesce(last.number, 0)
  or v.head is distinct from coalesce(last.hash, ''::bytea)
order by sku_id, location_id limit %(rows_max)s
"""

UNLINKED = """
with touched as (
  select m.id, p.location_id from stock_movement m join stock_place p on p.id = m.source_id
  where p.location_id is not null
  union
  select m.id, p.location_id from stock_movement m join stock_place p on p.id = m.target_id
  where p.location_id is not null)
select m.id, m.key, s.code, l.code
from (
  select t.id, t.location_id from touched t
  left join stock_link k on k.movement_id = t.id and k.location_id = t.location_id
  where k.number is null
  order by t.id limit %(rows_max)s) lost
join stock_movement m on m.id = lost.id
join catalog_sku s on s.id = m.sku_id
join stock_location l on l.id = lost.location_id
order by m.id
"""


def broken_chains(rows_max: int = 100) -> list[str]:
    """The first bad link of every broken chain, and levels that remember another end of theirs."""
    found = []
    for sku, site, number, expected, movement_id, key in sql.run(CHAINS, {"rows_max": rows_max}):
        if number != expected:
            wrong = f"link {expected} is missing"
        elif key is None:
            wrong = f"movement {movement_id}, link {number}, is gone"
        else:
            wrong = f"movement {movement_id} ({key}), link {number}, is not what was written"
        found.append(f"{sku} at {site}: {wrong}")
    for sku, site, last, remembered in sql.run(HEADS, {"rows_max": rows_max}):
        end = f"ends at link {last}, the level remembers {remembered} links"
        found.append(
            f"{sku} at {site}: the chain {end if last != remembered else 'has another end than the level'}"
        )
    return found


def unlinked_movements(rows_max: int = 100) -> list[str]:
    """Movements that are in no chain of a site they touched: nobody posted them."""
    return [
        f"movement {movement_id} ({key}) of {sku} is not in the chain of {site}"
        for movement_id, key, sku, site in sql.run(UNLINKED, {"rows_max": rows_max})
    ]
