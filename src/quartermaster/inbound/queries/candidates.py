"""What put-away decides by: the units, and the bins that come into question."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.inbound.rules.put_away import Bin, Item

EMPTY_SEEN = 200  # nearest empty bins of each kind and first letters: more cannot be nearer
ITEM = """
select s.code, s.weight_g, s.length_mm, s.width_mm, s.height_mm, coalesce(s.attributes ->> 'category', ''),
  coalesce(s.attributes ->> 'velocity', ''), greatest(0, coalesce(w.units, 0) - coalesce(f.units, 0))::bigint
from catalog_sku s
left join lateral (
  select sum(l.open * x.per) as units from (
    select s.id as sku_id, 1 as per
    union all select k.kit_id, k.quantity from catalog_kit_leaf k where k.part_id = s.id) x
  join orders_line l on l.sku_id = x.sku_id and l.parked <> '' and l.open > 0) w on true
left join lateral (
  select sum(greatest(0, v.sellable - v.reserved - v.safety)) as units from stock_level v
  where v.sku_id = s.id) f on true
where s.id = %s
"""
# Bins of the SKU's own or with its like in them, those where goods are made ready, and of the empty ones the
# nearest: what is looked at does not grow with the hall.
BINS = """
with site as (
  select p.id, p.code, b.kind, b.is_active, b.units_max, b.volume_max_ml, b.weight_max_g, b.length_mm,
    b.width_mm, b.height_mm, b.sku_id,
    coalesce(a.x_mm + b.position_mm, 1e9 + coalesce(b.pick_sequence, 1e9)) as near
  from stock_place p left join stock_bin b on b.place_id = p.id left join stock_aisle a on a.id = b.aisle_id
  where p.location_id = %(location)s and p.kind = 'bin'),
empty as (
  select id, row_number() over (partition by kind, sku_id is null order by near, code) as n from site
  where kind is not null and is_active
    and not exists (select from stock_balance v where v.place_id = site.id and v.quantity > 0)),
chosen as (
  select id from empty where n <= %(seen)s
  union select id from site where sku_id = %(sku)s or kind in ('staging', 'packing') or id = %(only)s
  union select v.place_id from stock_balance v join site on site.id = v.place_id
    where v.sku_id = %(sku)s and v.quantity > 0
  union (select id from site where kind in ('storage', 'bulk', 'pick_face') and is_active
    order by near, code limit %(seen)s))
select row_to_json(x)::text from (
  select c.code as place, coalesce(c.kind, 'storage') as kind, coalesce(c.is_active, true) as is_active,
    c.units_max, c.volume_max_ml, c.weight_max_g,
    case when c.length_mm is not null and c.width_mm is not null and c.height_mm is not null
      then json_build_array(c.length_mm, c.width_mm, c.height_mm) end as size_mm,
    coalesce(s.code, '') as sku, coalesce(h.units, 0)::bigint as units,
    coalesce(h.volume_ml, 0)::bigint as volume_ml, coalesce(h.weight_g, 0)::bigint as weight_g,
    coalesce(h.has_sku, false) as has_sku, coalesce(h.lots, '{}') as lots, c.near
  from chosen join site c using (id) left join catalog_sku s on s.id = c.sku_id
  left join lateral (
    select sum(v.quantity) as units, bool_or(v.sku_id = %(sku)s) as has_sku,
      sum(v.quantity * coalesce(k.length_mm::bigint * k.width_mm * k.height_mm, 0) / 1000) as volume_ml,
      sum(v.quantity * coalesce(k.weight_g, 0)) as weight_g,
      array_agg(distinct v.lot) filter (where v.sku_id = %(sku)s) as lots
    from stock_balance v join catalog_sku k on k.id = v.sku_id
    where v.place_id = c.id and v.quantity > 0) h on true
  where %(only)s::bigint is null or c.id = %(only)s) x
"""
_bin = msgspec.json.Decoder(Bin)


def item(sku_id: int, units: int, lot: str) -> Item:
    """Units of a SKU to be put away, and how many of it orders wait for. One statement."""
    code, weight, length, width, height, category, velocity, waiting = sql.run(ITEM, (sku_id,))[0]
    has_size = length and width and height
    return Item(
        sku=code,
        units=units,
        lot=lot,
        volume_ml=max(1, length * width * height // 1000) if has_size else None,
        weight_g=weight,
        size_mm=(length, width, height) if has_size else None,
        category=category,
        velocity=velocity,
        waiting=waiting,
    )


def candidates(location_id: int, sku_id: int, *, only: int | None = None) -> list[Bin]:
    """Bins that come into question, or the one with that place id. One statement."""
    asked = {"location": location_id, "sku": sku_id, "seen": EMPTY_SEEN, "only": only}
    return [_bin.decode(text) for (text,) in sql.run(BINS, asked)]


class OnDock(NamedTuple):
    """Units to be put away."""

    sku: str
    title: str
    place: str
    lot: str
    serial: str
    units: int
    since: datetime


ON_DOCK = """
select s.code, s.title, p.code, r.lot, r.serial,
  sum(r.quantity - r.damaged - r.qc + r.passed - r.stored)::bigint, min(r.at)
from inbound_receipt r join stock_place p on p.id = r.place_id join catalog_sku s on s.id = r.sku_id
join stock_location l on l.id = p.location_id
where l.code = %(site)s and r.stored < r.quantity - r.damaged - r.qc + r.passed
group by s.code, s.title, p.code, r.lot, r.serial
order by min(r.at), s.code, p.code, r.lot, r.serial limit 200
"""


def on_dock(site: str) -> list[OnDock]:
    """What lies on a site's dock to be put away, the oldest first; 200 at most."""
    return [OnDock._make(row) for row in sql.run(ON_DOCK, {"site": site})]
