"""The tables of the ledger, read and written for one posting by whoever holds the locks of its levels."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import psycopg

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.stock.rules.fold import Spot
from quartermaster.stock.rules.moves import Move
from quartermaster.stock.rules.posting import At, LevelState, Plan, SerialElsewhere


class KeyReused(Refused):
    code = "key-reused"
    message = "{key} was used before for another movement."
    remedy = "Give the new movement a key of its own."


class Sku(NamedTuple):
    code: str
    is_kit: bool


class Known(NamedTuple):
    """A movement that is already there, and what a repeat must agree with."""

    id: int
    content: tuple[Any, ...]


SPOT = "sku_id bigint, place_id bigint, state text, lot text, serial text"

KNOWN = """
select key, id, sku_id, quantity, source_id, target_id, source_state, target_state, lot, serial
from stock_movement where key = any(%s)
"""

BALANCES = f"""
select sku_id, place_id, state, lot, serial, quantity
from stock_balance
join jsonb_to_recordset(%(spots)s::jsonb) as w({SPOT}) using (sku_id, place_id, state, lot, serial)
"""  # noqa: S608 - constants only

SERIALS = """
select b.sku_id, b.serial, p.code
from jsonb_to_recordset(%(units)s::jsonb) as w(sku_id bigint, serial text)
join stock_balance b using (sku_id, serial) join stock_place p on p.id = b.place_id
where b.serial <> '' and b.place_id > 0 and b.quantity > 0
"""

WRITE = """
with moved as (
  insert into stock_movement (key, sku_id, quantity, source_id, target_id, source_state, target_state, lot,
    serial, because, document, actor, at, recorded_at)
  select key, sku_id, quantity, source_id, target_id, source_state, target_state, lot,
    serial, because, document, actor, at, recorded_at
  from jsonb_to_recordset(%(movements)s::jsonb) as m(n int, key text, sku_id bigint, quantity bigint,
    source_id bigint, target_id bigint, source_state text, target_state text, lot text, serial text,
    because text, document text, actor text, at timestamptz, recorded_at timestamptz)
  order by n
  on conflict (key) do nothing
  returning id, key),
linked as (
  insert into stock_link (movement_id, sku_id, location_id, number, hash)
  select moved.id, l.sku_id, l.location_id, l.number, decode(l.hash, 'hex')
  from jsonb_to_recordset(%(links)s::jsonb)
    as l(key text, sku_id bigint, location_id bigint, number bigint, hash text)
  join moved using (key))
select key, id from moved
"""

# Units leave before they arrive, so that a serial number is never in two places, not even within a statement.
# A spot that runs empty disappears: balances are as many as there are full spots.
TAKE_AWAY = f"""
with less as materialized (
  select * from jsonb_to_recordset(%(less)s::jsonb) as d({SPOT}, units bigint, is_last bool)),
emptied as (
  delete from stock_balance b using less d
  where (b.sku_id, b.place_id, b.state, b.lot, b.serial) = (d.sku_id, d.place_id, d.state, d.lot, d.serial)
    and d.is_last and b.quantity = d.units
  returning 1),
lowered as (
  update stock_balance b set quantity = b.quantity - d.units from less d
  where (b.sku_id, b.place_id, b.state, b.lot, b.serial) = (d.sku_id, d.place_id, d.state, d.lot, d.serial)
    and not d.is_last
  returning 1)
select (select count(*) from emptied) + (select count(*) from lowered)
"""  # noqa: S608 - constants only

# The world's balances are shared by all sites of a SKU: taken in one order, so that nobody deadlocks.
ADD = f"""
insert into stock_balance as b (sku_id, place_id, state, lot, serial, quantity)
select sku_id, place_id, state, lot, serial, units
from jsonb_to_recordset(%(more)s::jsonb) as d({SPOT}, units bigint)
order by sku_id, place_id, state, lot, serial
on conflict (sku_id, place_id, state, lot, serial) do update set quantity = b.quantity + excluded.quantity
"""  # noqa: S608 - constants only

LEVELS = """
update stock_level l
set on_hand = l.on_hand + d.on_hand, sellable = l.sellable + d.sellable, reserved = l.reserved + d.reserved,
  links = l.links + d.links, head = decode(d.head, 'hex')
from jsonb_to_recordset(%(levels)s::jsonb) as d(sku_id bigint, location_id bigint, on_hand bigint,
  sellable bigint, reserved bigint, links bigint, head text)
where l.sku_id = d.sku_id and l.location_id = d.location_id
"""


def skus(sku_ids: Iterable[int]) -> dict[int, Sku]:
    found = sql.run("select id, code, is_kit from catalog_sku where id = any(%s)", (sorted(set(sku_ids)),))
    return {row[0]: Sku(row[1], row[2]) for row in found}


def known(keys: Iterable[str]) -> dict[str, Known]:
    """Movements that were posted before under these keys."""
    return {row[0]: Known(row[1], tuple(row[2:])) for row in sql.run(KNOWN, (list(keys),))}


def balances(spots: Iterable[Spot]) -> dict[Spot, int]:
    """Units at these spots; a spot that holds none is left out."""
    wanted = sql.rows(spot._asdict() for spot in set(spots))
    return {Spot(*spot): quantity for *spot, quantity in sql.run(BALANCES, {"spots": wanted})}


def serials(moves: Iterable[Move]) -> dict[tuple[int, str], str]:
    """(sku_id, serial) -> code of the place where that unit is now, for the serial numbers in these moves."""
    wanted = [{"sku_id": move.sku_id, "serial": move.serial} for move in moves if move.serial]
    found = sql.run(SERIALS, {"units": sql.rows(wanted)}) if wanted else []
    return {(sku_id, serial): place for sku_id, serial, place in found}


def write(plan: Plan, *, held: Mapping[Spot, int], before: Mapping[At, LevelState]) -> dict[str, int]:
    """Write movements, links, balances and levels; returns key -> movement id. Four statements at most.

    `held`: units at the spots that are taken from, before. Raises KeyReused and SerialElsewhere when somebody
    at another site was faster.
    """
    ids = _write_movements(plan)
    less = {s: -units for s, units in plan.changes.items() if units < 0 and s.place_id > 0}
    more = {s: units for s, units in plan.changes.items() if units and s not in less}
    if less:
        taken = [{**s._asdict(), "units": n, "is_last": held[s] == n} for s, n in less.items()]
        if sql.run(TAKE_AWAY, {"less": sql.rows(taken)})[0][0] != len(less):
            raise RuntimeError("stock_balance changed under the level's lock: run ./qm doctor")
    if more:
        try:
            sql.run(ADD, {"more": sql.rows({**s._asdict(), "units": n} for s, n in more.items())})
        except psycopg.errors.UniqueViolation as error:
            if error.diag.constraint_name != "a_serial_is_in_one_place":
                raise
            raise SerialElsewhere(
                serial="A serial number", sku="a SKU", place="another site", move=plan.movements[0].key
            ) from error
    sql.run(LEVELS, {"levels": sql.rows(_level_changes(plan, before))})
    return ids


def _write_movements(plan: Plan) -> dict[str, int]:
    movements = [{"n": n, **movement._asdict()} for n, movement in enumerate(plan.movements)]
    links = [{**link._asdict(), "hash": link.hash.hex()} for link in plan.links]
    ids: dict[str, int] = dict(sql.run(WRITE, {"movements": sql.rows(movements), "links": sql.rows(links)}))
    for movement in plan.movements:
        if movement.key not in ids:
            raise KeyReused(key=movement.key)
    return ids


def _level_changes(plan: Plan, before: Mapping[At, LevelState]) -> Iterator[dict[str, object]]:
    for key, level in plan.levels.items():
        was = before[key]
        if level.links != was.links:
            yield {
                "sku_id": key[0],
                "location_id": key[1],
                "on_hand": level.on_hand - was.on_hand,
                "sellable": level.sellable - was.sellable,
                "reserved": level.reserved - was.reserved,
                "links": level.links - was.links,
                "head": level.head.hex(),
            }
