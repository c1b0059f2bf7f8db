"""Where the bins of a site stand, as routing walks past them."""

from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.warehouse.rules.routing import Layout, Stop

PLAN = """
select array(select jsonb_array_elements_text(f.cross_aisles_mm)::int), f.depot_cross, f.depot_aisle,
  array(select a.code from stock_aisle a where a.location_id = f.location_id order by a.x_mm, a.code),
  array(select a.x_mm from stock_aisle a where a.location_id = f.location_id order by a.x_mm, a.code)
from stock_floor_plan f where f.location_id = %s
"""
STANDS = """
select b.place_id, a.code, b.position_mm from stock_bin b
join stock_aisle a on a.id = b.aisle_id and a.location_id = %(location)s
where b.position_mm is not null and (%(places)s::bigint[] is null or b.place_id = any(%(places)s))
"""


class Geometry(NamedTuple):
    """A site's aisles in mm, and place id -> where it stands. Bins nobody has placed are not in `stops`."""

    layout: Layout
    stops: dict[int, Stop]


def geometry(location_id: int, places: list[int] | None = None) -> Geometry | None:
    """How to walk a site, with the stops of these places or of all; None when nobody has laid it out: then
    the path goes by code. Aisles at one x are one aisle. A bin beyond the outer cross aisles stands at the
    nearer one. Two statements.
    """
    for cross, depot_cross, depot, codes, found in sql.run(PLAN, (location_id,)):
        if not codes:
            return None
        xs = tuple(sorted(set(found)))
        number = {code: xs.index(x) for code, x in zip(codes, found, strict=True)}
        ys = tuple(map(float, cross))
        layout = Layout(tuple(map(float, xs)), ys, number.get(depot, 0), depot_cross)
        rows = sql.run(STANDS, {"location": location_id, "places": places})
        stops = {
            place: Stop(number[aisle], float(min(max(y, cross[0]), cross[-1]))) for place, aisle, y in rows
        }
        return Geometry(layout, stops)
    return None
