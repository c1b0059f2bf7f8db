"""The bins of a site: what they are, what they take and where they stand."""

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.texts import short


class BinShown(msgspec.Struct, frozen=True):
    """A bin. code is within its site; units: what lies in it, in any state."""

    id: int
    code: str
    kind: str
    units: int
    units_max: int | None
    volume_max_ml: int | None
    weight_max_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    pick_sequence: int | None
    aisle: str | None
    aisle_x_mm: int | None
    position_mm: int | None
    side: str
    level: int | None
    sku: str | None
    is_active: bool


class FloorPlan(msgspec.Struct, frozen=True):
    """cross_aisles_mm: from the hall's front, ascending. depot_aisle "": the first."""

    cross_aisles_mm: tuple[int, ...]
    depot_aisle: str
    depot_cross: int


# Places nobody described are plain storage, and are shown as such.
BINS = """
select row_to_json(x)::text from (
  select p.id, substr(p.code, length(l.code) + 2) as code, coalesce(b.kind, 'storage') as kind,
    coalesce((select sum(quantity) from stock_balance v where v.place_id = p.id), 0)::bigint as units,
    b.units_max, b.volume_max_ml, b.weight_max_g, b.length_mm, b.width_mm, b.height_mm, b.pick_sequence,
    a.code as aisle, a.x_mm as aisle_x_mm, b.position_mm, coalesce(b.side, '') as side, b.level,
    s.code as sku,
    coalesce(b.is_active, true) as is_active
  from stock_location l join stock_place p on p.location_id = l.id and p.kind = 'bin'
  left join stock_bin b on b.place_id = p.id left join stock_aisle a on a.id = b.aisle_id
  left join catalog_sku s on s.id = b.sku_id
  where l.code = %(site)s and p.code > %(after)s and (%(only)s = '' or p.code = %(only)s)
    and (%(kind)s = '' or coalesce(b.kind, 'storage') = %(kind)s)
  order by p.code limit %(limit)s) x
"""
PLAN = """
select jsonb_build_object('cross_aisles_mm', cross_aisles_mm, 'depot_aisle', depot_aisle,
  'depot_cross', depot_cross)::text
from stock_floor_plan f join stock_location l on l.id = f.location_id where l.code = %s
"""
_bin = msgspec.json.Decoder(BinShown)


def bins(site: str, *, kind: str = "", after: str = "", limit: int = 500) -> list[BinShown]:
    """Bins of a site by code, those behind `after` (a code within the site)."""
    asked = {"site": site, "kind": kind, "after": f"{site}/{after}" if after else "", "limit": limit}
    return [_bin.decode(text) for (text,) in sql.run(BINS, {**asked, "only": ""})]


def bin_of(site: str, code: str) -> BinShown:
    """One by its code within the site. Raises NotFound."""
    asked = {"site": site, "kind": "", "after": "", "limit": 1, "only": f"{site}/{code}"}
    for (text,) in sql.run(BINS, asked):
        return _bin.decode(text)
    raise NotFound(what="bin", which=short(f"{site}/{code}", 80))


def floor_plan(site: str) -> FloorPlan:
    """Raises NotFound when nobody has said how the site is laid out."""
    for (text,) in sql.run(PLAN, (site,)):
        return msgspec.json.decode(text, type=FloorPlan)
    raise NotFound(what="floor plan of", which=short(site, 80))
