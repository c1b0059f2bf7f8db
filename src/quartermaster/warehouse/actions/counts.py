"""Bins are to be counted: because somebody doubts them, a pick emptied them, or their time has come."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.events import CountWanted
from quartermaster.warehouse.actions.rows import PickRow
from quartermaster.warehouse.queries.counts import COUNTS_KEY

WANT = """
with made as (
  insert into warehouse_count_task (location_id, place_id, sku_id, kind, abc, because, at)
  select p.location_id, p.id, w.sku_id, w.kind, coalesce(c.abc, ''), w.because, %(at)s
  from jsonb_to_recordset(%(wanted)s::jsonb)
    as w(place_id bigint, sku_id bigint, kind text, because text)
  join stock_place p on p.id = w.place_id left join warehouse_sku_class c on c.sku_id = w.sku_id
  order by p.id, w.sku_id
  on conflict (place_id, sku_id) where done_at is null do nothing
  returning id, place_id, sku_id, because)
select m.id, s.code, p.code, m.because from made m
join catalog_sku s on s.id = m.sku_id join stock_place p on p.id = m.place_id order by m.id
"""
# Units that are missing are not zero: somebody counts those bins for another reason.
EMPTIED = f"""
select w.place_id, w.sku_id from (
  select distinct * from jsonb_to_recordset(%(bins)s::jsonb) as r(place_id bigint, sku_id bigint)) w
join stock_place p on p.id = w.place_id and p.kind = 'bin'
where coalesce((select (value->>'zero')::boolean from core_setting where key = '{COUNTS_KEY}'), true)
  and not exists (select from stock_balance b where b.sku_id = w.sku_id and b.place_id = w.place_id
    and b.state in ('available', 'missing') and b.quantity > 0)
"""  # noqa: S608 - constants only
# Whoever found the bin short has counted it: what was not found lies in it as missing. Under another
# name, for the same person may still go and look again.
SAW_NOTHING = """
insert into warehouse_count_entry (task_id, round, by, started_at, ledger_id, book, counted, counted_at,
  expected, under)
select t.id, t.round, 'pick:' || %(by)s::text, %(at)s,
  coalesce((select max(id) from stock_movement where sku_id = t.sku_id), 0), h.units, 0, %(at)s,
  h.units, h.units
from warehouse_count_task t cross join lateral (
  select coalesce(sum(b.quantity), 0)::bigint as units from stock_balance b
  where b.sku_id = t.sku_id and b.place_id = t.place_id and b.state in ('available', 'missing')) h
where t.place_id = %(place)s and t.sku_id = %(sku)s and t.done_at is null
on conflict (task_id, round, by) do nothing
"""
FIND = """
select p.id, s.id from stock_place p, catalog_sku s
where p.code = %s and p.location_id is not null and s.code = %s and not s.is_kit
"""


def want_count_of_short(pick: PickRow, *, at: datetime, by: str) -> None:
    """A picker found less than the ledger said and took all of it: that is the first count of the bin."""
    because = f"short on PL-{pick.pick_list_id}"
    wanted = {"place_id": pick.place_id, "sku_id": pick.sku_id, "kind": "short", "because": because}
    want_counts([wanted], at=at, by=by)
    if not pick.serial:  # of one serial number nobody can say what else lies there
        sql.run(SAW_NOTHING, {"place": pick.place_id, "sku": pick.sku_id, "at": at, "by": by})


def want_counts_of_emptied(picks: Iterable[PickRow], *, at: datetime, by: str) -> None:
    """Bins that the ledger says are empty now are looked at: no count is cheaper. One statement when none
    is."""
    bins = sql.rows({"place_id": pick.place_id, "sku_id": pick.sku_id} for pick in picks)
    because = "emptied by a pick: is it?"
    wanted = [
        {"place_id": place_id, "sku_id": sku_id, "kind": "zero", "because": because}
        for place_id, sku_id in sql.run(EMPTIED, {"bins": bins})
    ]
    if wanted:
        want_counts(wanted, at=at, by=by)


def ask_for_count(place: str, sku: str, *, because: str, at: datetime, by: str) -> None:
    """Have a bin counted because somebody doubts it. Raises NotFound, Invalid."""
    if not because.strip():
        raise Invalid(what="The count", errors={"because": "say why"})
    found = sql.run(FIND, (place, sku))
    if not found:
        raise NotFound(what="bin and SKU", which=f"{place}, {sku}")
    ((place_id, sku_id),) = found
    wanted = {"place_id": place_id, "sku_id": sku_id, "kind": "doubt", "because": because.strip()}
    with transaction.atomic():
        want_counts([wanted], at=at, by=by)


def want_counts(wanted: Iterable[Mapping[str, object]], *, at: datetime, by: str) -> int:
    """Each wanted: place_id, sku_id, kind, because. One open task for a bin and SKU is enough. Returns how
    many are new. Constant number of statements."""
    made = sql.run(WANT, {"wanted": sql.rows(wanted), "at": at})
    emit(
        CountWanted(
            subject=f"count:{task_id}",
            at=at,
            actor=by,
            count_task_id=task_id,
            sku=sku,
            place=place,
            because=because,
        )
        for task_id, sku, place, because in made
    )
    return len(made)
