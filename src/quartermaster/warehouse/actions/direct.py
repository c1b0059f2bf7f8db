"""Send pickers to bins: where promised units lie that nobody was sent for yet."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.warehouse.queries.geometry import geometry
from quartermaster.warehouse.rules.bins import Need, Spot, direct
from quartermaster.warehouse.rules.path import Path, path_through
from quartermaster.warehouse.rules.routing import Strategy


class Wanted(NamedTuple):
    """Promised units of a SKU for one line that are to be picked."""

    allocation_id: int
    order_id: int
    line_id: int
    sku_id: int
    sku: str
    units: int


class Directed(NamedTuple):
    """Units to take from a spot."""

    wanted: Wanted
    spot: Spot
    units: int


SPOTS = """
select b.sku_id, b.place_id, p.code, b.lot, b.serial, t.expires_on,
  (b.quantity - coalesce(sent.units, 0))::bigint
from stock_balance b
join stock_place p on p.id = b.place_id and p.location_id = %(location)s
left join stock_lot t on t.sku_id = b.sku_id and t.code = b.lot
left join (
  select sku_id, place_id, lot, serial, sum(quantity - picked) as units from warehouse_pick
  where state = 'to_pick' and sku_id = any(%(skus)s) group by sku_id, place_id, lot, serial) sent
  on (sent.sku_id, sent.place_id, sent.lot, sent.serial) = (b.sku_id, b.place_id, b.lot, b.serial)
where b.sku_id = any(%(skus)s) and b.state = 'available' and b.quantity > coalesce(sent.units, 0)
"""
SEQUENCES = """
select place_id, pick_sequence from stock_bin where place_id = any(%s) and pick_sequence is not null
"""
WRITE = """
insert into warehouse_pick (pick_list_id, position, allocation_id, order_id, line_id, sku_id, place_id, lot,
  serial, quantity)
select %(list)s, %(after)s + n, allocation_id, order_id, line_id, sku_id, place_id, lot, serial, units
from jsonb_to_recordset(%(picks)s::jsonb) as p(n int, allocation_id bigint, order_id bigint, line_id bigint,
  sku_id bigint, place_id bigint, lot text, serial text, units bigint)
order by n
"""


def directed(
    wanted: Sequence[Wanted], location_id: int, *, but: tuple[int, int, str, str] | None = None
) -> list[Directed]:
    """A spot for each unit, the first in `wanted` served first; what lies nowhere is left out. `but`: a spot
    (SKU, place, lot, serial) not to send anybody to. The caller holds the levels' locks. One statement."""
    found = sql.run(SPOTS, {"location": location_id, "skus": sorted({one.sku_id for one in wanted})})
    spots = [Spot._make(row) for row in found]
    needs = [Need(n, one.sku_id, one.units) for n, one in enumerate(wanted)]
    usable = [spot for spot in spots if (spot.sku_id, spot.place_id, spot.lot, spot.serial) != but]
    return [Directed(wanted[one.key], one.spot, one.units) for one in direct(needs, usable).directed]


def write(
    list_id: int,
    picks: Sequence[Directed],
    location_id: int,
    *,
    after: int = 0,
    strategy: Strategy = Strategy.EXACT,
) -> Path:
    """Put picks on a list in the order of the path, behind position `after`. Four statements."""
    path = path_of({pick.spot.place_id: pick.spot.place for pick in picks}, location_id, strategy)
    in_turn = sorted(
        picks,
        key=lambda p: (
            path.turns[p.spot.place_id],
            p.wanted.sku,
            p.wanted.order_id,
            p.spot.lot,
            p.spot.serial,
        ),
    )
    rows = [
        {
            "n": n,
            "allocation_id": pick.wanted.allocation_id,
            "order_id": pick.wanted.order_id,
            "line_id": pick.wanted.line_id,
            "sku_id": pick.wanted.sku_id,
            "place_id": pick.spot.place_id,
            "lot": pick.spot.lot,
            "serial": pick.spot.serial,
            "units": pick.units,
        }
        for n, pick in enumerate(in_turn, 1)
    ]
    sql.run(WRITE, {"list": list_id, "after": after, "picks": sql.rows(rows)})
    return path


def path_of(places: Mapping[int, str], location_id: int, strategy: Strategy = Strategy.EXACT) -> Path:
    """In which turn to walk past these places (id -> code). Three statements."""
    sequences = dict(sql.run(SEQUENCES, (list(places),)))
    return path_through(places, sequences, geometry(location_id, list(places)), strategy)
