"""Send pickers to bins: where promised units lie that nobody was sent for yet."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.stock.queries.dates import usable
from quartermaster.warehouse.queries.geometry import Geometry, geometry
from quartermaster.warehouse.queries.policy import pick_policy
from quartermaster.warehouse.queries.shelf import Asks, asks
from quartermaster.warehouse.rules.bins import Need, Rotation, Spot, Turn, direct
from quartermaster.warehouse.rules.path import Path, distances, path_through
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


SPOTS = f"""
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
  and {usable("t.expires_on", "b.sku_id", "p.location_id")}
"""  # noqa: S608 - constants only
# Units leave a bin in the order they came: those there now are the last that came, so the oldest of them came
# with the first arrival that is not covered by later ones.
SINCE = """
select sku_id, place_id, lot, serial, min(at) from (
  select b.sku_id, b.place_id, b.lot, b.serial, m.at, b.quantity,
    sum(m.quantity) over (partition by b.sku_id, b.place_id, b.lot, b.serial order by m.id desc)
      - m.quantity as later
  from (
    select sku_id, place_id, lot, serial, sum(quantity) as quantity from stock_balance
    where sku_id = any(%(skus)s) and place_id = any(%(places)s) and state = 'available' group by 1, 2, 3, 4) b
  join stock_movement m on m.sku_id = b.sku_id and m.target_id = b.place_id and m.lot = b.lot
    and m.serial = b.serial and m.target_state = 'available') c
where later < quantity group by 1, 2, 3, 4
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
    wanted: Sequence[Wanted],
    location_id: int,
    *,
    at: datetime,
    but: tuple[int, int, str, str] | None = None,
    preferred: Collection[int] = frozenset(),
) -> list[Directed]:
    """A spot for each unit, the first in `wanted` served first; what lies nowhere is left out. Which units of
    a SKU leave first the site's policy says. `but`: a spot (SKU, place, lot, serial) not to send anybody to;
    `preferred`: places to go to where the policy leaves a choice. The caller holds the levels' locks. Two
    statements, one more where lots have days, up to six where units leave by age or nearness."""
    usable, turns, asks = spots_of(wanted, location_id, at=at, but=but, preferred=preferred)
    needs = needs_of(wanted, location_id, asks)
    return [Directed(wanted[one.key], one.spot, one.units) for one in direct(needs, usable, turns).directed]


def needs_of(wanted: Sequence[Wanted], location_id: int, asks: Asks) -> list[Need]:
    """Numbered as in `wanted`, with the days their channel asks for."""
    found = [asks.get((one.order_id, one.sku_id, location_id)) for one in wanted]
    return [
        Need(n, one.sku_id, one.units, ask.from_on if ask else None)
        for n, (one, ask) in enumerate(zip(wanted, found, strict=True))
    ]


def spots_of(
    wanted: Sequence[Wanted],
    location_id: int,
    *,
    at: datetime,
    but: tuple[int, int, str, str] | None = None,
    preferred: Collection[int] = frozenset(),
) -> tuple[list[Spot], dict[int, Turn], Asks]:
    """Where units of these SKUs lie that nobody was sent for, in which turn they leave, by SKU id, and what
    orders ask of their lots. What is past its day at `at`, by the site's calendar, is none of them.

    Of a SKU of which a channel asks for days, what expires first leaves first, whatever the policy says: else
    the others would take what only they may not take."""
    policy = pick_policy(location_id).policy
    asked = {"location": location_id, "skus": sorted({one.sku_id for one in wanted}), "at": at}
    found = [Spot(*row) for row in sql.run(SPOTS, asked)]
    spots = [spot for spot in found if (spot.sku_id, spot.place_id, spot.lot, spot.serial) != but]
    asked_of: Asks = {}
    if any(spot.expires_on for spot in spots):
        asked_of = asks(((one.order_id, one.sku_id, location_id) for one in wanted), at=at)
    rotations = {one.sku_id: policy.rotation_of(one.sku) for one in wanted}
    rotations |= {sku_id: Rotation.FEFO for _, sku_id, _ in asked_of}
    turns = _turns(spots, rotations, location_id, preferred)
    return _aged(spots, rotations), turns, asked_of


def _aged(spots: list[Spot], rotations: Mapping[int, Rotation]) -> list[Spot]:
    """With the moment they came, where that decides."""
    skus = {sku_id for sku_id, rotation in rotations.items() if rotation is Rotation.FIFO}
    if not skus:
        return spots
    asked = {"skus": sorted(skus), "places": sorted({spot.place_id for spot in spots})}
    since = {tuple(key): at for *key, at in sql.run(SINCE, asked)}
    return [
        spot._replace(since=since.get((spot.sku_id, spot.place_id, spot.lot, spot.serial))) for spot in spots
    ]


def _turns(
    spots: Sequence[Spot],
    rotations: Mapping[int, Rotation],
    location_id: int,
    preferred: Collection[int],
) -> dict[int, Turn]:
    places = {s.place_id: s.place for s in spots if rotations.get(s.sku_id) is Rotation.NEAREST}
    near: Mapping[int, float] = {}
    if places:
        sequences = dict(sql.run(SEQUENCES, (list(places),)))
        near = distances(places, sequences, geometry(location_id, list(places)))
    return {sku: Turn(rotation, near, preferred) for sku, rotation in rotations.items()}


def write(
    list_id: int,
    picks: Sequence[Directed],
    location_id: int,
    *,
    after: int = 0,
    strategy: Strategy | None = None,
    hall: Geometry | None = None,
) -> Path:
    """Put picks on a list in the order of the path, behind position `after`; people walk as the policy says
    where no strategy is given. Up to five statements."""
    way = strategy or pick_policy(location_id).policy.routing
    path = path_of({pick.spot.place_id: pick.spot.place for pick in picks}, location_id, way, hall)
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


def path_of(
    places: Mapping[int, str],
    location_id: int,
    strategy: Strategy = Strategy.EXACT,
    hall: Geometry | None = None,
) -> Path:
    """In which turn to walk past these places (id -> code). Three statements, one where the hall is known."""
    sequences = dict(sql.run(SEQUENCES, (list(places),)))
    return path_through(places, sequences, hall or geometry(location_id, list(places)), strategy)
