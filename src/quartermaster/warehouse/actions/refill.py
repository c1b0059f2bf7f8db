"""Pick faces are filled from where units are kept. Promises are made by site, so none of them notices."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.events import PickFaceChanged, RefillDone, RefillWanted
from quartermaster.stock.actions import Move, lock_levels, lock_some, post
from quartermaster.stock.queries.dates import usable
from quartermaster.warehouse.rules.bins import Spot
from quartermaster.warehouse.rules.refilling import Face, Wish, plan


class OtherBin(Refused):
    code = "refill-bin"
    status = 422
    message = "This is {scanned}; the task goes from {source} to {target}."
    remedy = "Go to the bin the task names, and scan it."


class PickersComing(Refused):
    code = "refill-taken"
    message = "{free} × {sku} in {source} may be carried away: pickers are on the way for the rest."
    remedy = "Carry fewer, or give the task up: the next plan looks anew."


class RefillOver(Refused):
    code = "refill-over"
    message = "This task is over: {moved} were carried."
    remedy = "Look at the list of tasks again."


class Task(NamedTuple):
    id: int
    location_id: int
    sku_id: int
    sku: str
    source_id: int
    source: str
    target: str
    lot: str
    quantity: int
    moved: int
    is_over: bool


FIND = """
select p.id, s.id from stock_place p, catalog_sku s
where p.code = %s and p.location_id is not null and s.code = %s and not s.is_kit
"""
SET_FACE = """
insert into warehouse_pick_face (place_id, sku_id, units_min, units_max)
values (%(place)s, %(sku)s, %(min)s, %(max)s)
on conflict (place_id, sku_id) do update set units_min = excluded.units_min, units_max = excluded.units_max
where (warehouse_pick_face.units_min, warehouse_pick_face.units_max)
  <> (excluded.units_min, excluded.units_max)
"""
UNSET_FACE = "delete from warehouse_pick_face where place_id = %(place)s and sku_id = %(sku)s"
SKUS = """
select distinct f.sku_id, l.id from warehouse_pick_face f join stock_place p on p.id = f.place_id
join stock_location l on l.id = p.location_id
where l.is_active and (%(location)s = '' or l.code = %(location)s)
order by 2, 1
"""
# Free there is what nobody was sent for. Released orders that leave today, by the site's clock, count; so do
# those without a deadline.
FACES = """
select f.place_id, p.code, f.sku_id, f.units_min, f.units_max,
  greatest(0, coalesce((select sum(b.quantity) from stock_balance b
    where b.sku_id = f.sku_id and b.place_id = f.place_id and b.state = 'available'), 0)
    - coalesce((select sum(k.quantity - k.picked) from warehouse_pick k
      where k.sku_id = f.sku_id and k.place_id = f.place_id and k.state = 'to_pick'), 0))::bigint,
  coalesce((select sum(r.quantity - r.moved) from warehouse_refill r
    where r.sku_id = f.sku_id and r.target_id = f.place_id and r.done_at is null), 0)::bigint,
  coalesce((select sum(v.quantity) from stock_reservation v
    join allocation_allocation a on a.id = v.holder and a.state = 'released'
    where v.sku_id = f.sku_id and v.location_id = %(site)s and v.state = 'pending'
      and (a.ship_by is null or a.ship_by < (date_trunc('day', %(at)s::timestamptz at time zone l.timezone)
        + interval '1 day') at time zone l.timezone)), 0)::bigint
from warehouse_pick_face f join stock_place p on p.id = f.place_id
join stock_location l on l.id = p.location_id
where p.location_id = %(site)s and f.sku_id = any(%(skus)s)
"""
# Kept units, without those that pickers or other tasks are on the way for.
KEPT = f"""
select b.sku_id, b.place_id, p.code, b.lot, b.serial, t.expires_on,
  (b.quantity - coalesce(sent.units, 0) - coalesce(gone.units, 0))::bigint
from stock_balance b join stock_place p on p.id = b.place_id and p.location_id = %(site)s and p.kind = 'bin'
left join stock_bin n on n.place_id = p.id
left join stock_lot t on t.sku_id = b.sku_id and t.code = b.lot
left join lateral (select sum(k.quantity - k.picked) as units from warehouse_pick k
  where (k.sku_id, k.place_id, k.lot, k.serial) = (b.sku_id, b.place_id, b.lot, b.serial)
    and k.state = 'to_pick') sent on true
left join lateral (select sum(r.quantity - r.moved) as units from warehouse_refill r
  where (r.sku_id, r.source_id, r.lot) = (b.sku_id, b.place_id, b.lot) and r.done_at is null) gone on true
where b.sku_id = any(%(skus)s) and b.state = 'available'
  and coalesce(n.kind, 'storage') in ('storage', 'bulk')
  and not exists (select from warehouse_pick_face f where f.place_id = b.place_id and f.sku_id = b.sku_id)
  and b.quantity > coalesce(sent.units, 0) + coalesce(gone.units, 0)
  and {usable("t.expires_on", "b.sku_id", "p.location_id")}
"""  # noqa: S608 - constants only
WANT = """
with made as (
  insert into warehouse_refill (location_id, sku_id, source_id, target_id, lot, quantity, because, at)
  select %(site)s, sku_id, source_id, target_id, lot, units, because, %(at)s
  from jsonb_to_recordset(%(wishes)s::jsonb) as w(n int, sku_id bigint, source_id bigint, target_id bigint,
    lot text, units bigint, because text) order by n
  on conflict (source_id, target_id, sku_id, lot) where done_at is null do nothing
  returning *)
select m.id, s.code, m.quantity, a.code, b.code, m.because from made m join catalog_sku s on s.id = m.sku_id
join stock_place a on a.id = m.source_id join stock_place b on b.id = m.target_id order by m.id
"""
TASK = """
select r.id, r.location_id, r.sku_id, s.code, r.source_id, a.code, b.code, r.lot, r.quantity, r.moved,
  r.done_at is not null
from warehouse_refill r join catalog_sku s on s.id = r.sku_id
join stock_place a on a.id = r.source_id join stock_place b on b.id = r.target_id where r.id = %s
"""
FREE = """
select coalesce((select sum(quantity) from stock_balance where sku_id = %(sku)s and place_id = %(place)s
    and lot = %(lot)s and state = 'available'), 0)
  - coalesce((select sum(quantity - picked) from warehouse_pick where sku_id = %(sku)s
    and place_id = %(place)s and lot = %(lot)s and state = 'to_pick'), 0)
"""
MOVED = """
update warehouse_refill set moved = %(moved)s,
  done_at = case when %(is_over)s or quantity = %(moved)s then %(at)s::timestamptz end,
  done_by = case when %(is_over)s or quantity = %(moved)s then %(by)s else '' end
where id = %(id)s
"""


def set_face(place: str, sku: str, *, units_min: int, units_max: int, at: datetime, by: str) -> None:
    """Make a bin a pick face of a SKU, or none any more (`units_max` 0). Raises NotFound, Invalid."""
    errors = {}
    if not 0 <= units_max <= QUANTITY_MAX:
        errors["units_max"] = f"must be 0 to {QUANTITY_MAX}"
    elif not 0 <= units_min <= units_max:
        errors["units_min"] = "must be 0 to units_max"
    if errors:
        raise Invalid(what="The pick face", errors=errors)
    found = sql.run(FIND, (place, sku))
    if not found:
        raise NotFound(what="bin and SKU", which=f"{place}, {sku}")
    asked = {"place": found[0][0], "sku": found[0][1]}
    with transaction.atomic():
        changed = (
            sql.change(SET_FACE, asked | {"min": units_min, "max": units_max})
            if units_max
            else sql.change(UNSET_FACE, asked)
        )
        fact = PickFaceChanged(
            subject=f"place:{place}", at=at, actor=by, place=place, sku=sku, units_min=units_min,
            units_max=units_max,
        )  # fmt: skip
        emit([fact] if changed else [])


def plan_refills(*, location: str = "", at: datetime, by: str) -> int:
    """Make the tasks that today's released work and the minima ask for; what is under way counts. Returns how
    many are new. A constant number of statements for each site."""
    sites: dict[int, list[int]] = {}
    for sku_id, site in sql.run(SKUS, {"location": location}):
        sites.setdefault(site, []).append(sku_id)
    return sum(_plan(site, skus, at=at, by=by) for site, skus in sites.items())


def _plan(site: int, skus: list[int], *, at: datetime, by: str) -> int:
    asked = {"site": site, "skus": skus, "at": at}
    with transaction.atomic():
        lock_levels(skus)
        faces = [Face._make(row) for row in sql.run(FACES, asked)]
        wishes = plan(faces, [Spot(*row) for row in sql.run(KEPT, asked)])
        made = sql.run(WANT, {"site": site, "at": at, "wishes": sql.rows(_rows(wishes))}) if wishes else []
        emit(
            RefillWanted(
                subject=f"refill:{task_id}",
                at=at,
                actor=by,
                refill_id=task_id,
                sku=sku,
                units=units,
                source=source,
                target=target,
                because=because,
            )
            for task_id, sku, units, source, target, because in made
        )
    return len(made)


def _rows(wishes: list[Wish]) -> list[dict[str, object]]:
    return [
        {
            "n": n,
            "sku_id": wish.face.sku_id,
            "source_id": wish.spot.place_id,
            "target_id": wish.face.place_id,
            "lot": wish.spot.lot,
            "units": wish.units,
            "because": wish.because,
        }
        for n, wish in enumerate(wishes)
    ]


def refill(task_id: int, moved: int, *, source: str, target: str, at: datetime, by: str) -> None:
    """`moved` units of this task lie in the face, those told before included: the same again does nothing.
    `source` and `target` are what was scanned, with the site's name or without. Raises NotFound, OtherBin,
    Invalid, PickersComing, RefillOver, NotEnoughStock."""
    with transaction.atomic():
        task = _locked(task_id)
        for scanned, place in ((source, task.source), (target, task.target)):
            if scanned not in (place, place.partition("/")[2]):
                raise OtherBin(scanned=scanned or "nothing", source=task.source, target=task.target)
        if moved == task.moved and moved:
            return
        if task.is_over:
            raise RefillOver(moved=task.moved)
        if not task.moved < moved <= task.quantity:
            raise Invalid(what="The task", errors={"moved": f"{task.moved + 1} to {task.quantity}"})
        ((free,),) = sql.run(FREE, {"sku": task.sku_id, "place": task.source_id, "lot": task.lot})
        units = moved - task.moved
        if units > free:
            raise PickersComing(free=max(0, free), sku=task.sku, source=task.source)
        move = Move(
            key=f"refill:{task.id}:{moved}",
            sku_id=task.sku_id,
            quantity=units,
            source=task.source,
            target=task.target,
            because="pick face filled",
            lot=task.lot,
            document=f"refill:{task.id}",
        )
        post([move], by=by, at=at)
        _follow(task, moved, is_over=False, because="carried", at=at, by=by)


def give_up_refill(task_id: int, *, because: str, at: datetime, by: str) -> None:
    """Nobody carries the rest; what was carried stays. Over already: nothing. Raises NotFound."""
    with transaction.atomic():
        task = _locked(task_id)
        if not task.is_over:
            _follow(task, task.moved, is_over=True, because=because, at=at, by=by)


def _follow(task: Task, moved: int, *, is_over: bool, because: str, at: datetime, by: str) -> None:
    sql.run(MOVED, {"id": task.id, "moved": moved, "is_over": is_over, "at": at, "by": by})
    fact = RefillDone(
        subject=f"refill:{task.id}", at=at, actor=by, refill_id=task.id, sku=task.sku, units=moved,
        target=task.target, because=because,
    )  # fmt: skip
    emit([fact] if is_over or moved == task.quantity else [])


def _locked(task_id: int) -> Task:
    """The task under the lock of its level, then its own. Raises NotFound."""
    for row in sql.run(TASK, (task_id,)):
        lock_some([(row[2], row[1])])
    for row in sql.run(TASK + " for no key update of r", (task_id,)):
        return Task._make(row)
    raise NotFound(what="refill", which=task_id)
