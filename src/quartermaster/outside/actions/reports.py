"""A stock report of theirs is compared with the ledger as it was at that moment. Nothing is overwritten."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import DriftFound
from quartermaster.outside.actions.settle_drift import settle_drift
from quartermaster.outside.ports import Snapshot
from quartermaster.outside.rules.drift import Cause, Known, explain, settles_itself, to_settle

KEEP = """
insert into outside_report (site_id, reference, taken_at, told_at, skus, unknown)
values (%(site)s, %(reference)s, %(taken_at)s, %(at)s, %(skus)s, %(unknown)s::jsonb)
on conflict (site_id, reference) do nothing returning id
"""
SKUS = "select code, id from catalog_sku where code = any(%s)"
# What the ledger had at their moment: what it has now, less what happened since. Their own parcels carry the
# moment they left, not the one we heard of it.
OURS = """
with since as (
  select m.sku_id, sum(case when t.location_id = %(site)s then m.quantity else 0 end
      - case when s.location_id = %(site)s then m.quantity else 0 end)::bigint as units
  from stock_movement m join stock_place s on s.id = m.source_id join stock_place t on t.id = m.target_id
  where m.at > %(taken_at)s and m.sku_id = any(%(skus)s)
    and (s.location_id = %(site)s or t.location_id = %(site)s) group by m.sku_id)
select k.id, coalesce(v.on_hand, 0) - coalesce(since.units, 0)
from unnest(%(skus)s::bigint[]) as k(id)
left join stock_level v on v.sku_id = k.id and v.location_id = %(site)s
left join since on since.sku_id = k.id
"""
KNOWN = """
select k.id,
  coalesce((select sum(p.picked - coalesce((
      select sum(i.quantity) from warehouse_parcel_item i join warehouse_parcel c on c.id = i.parcel_id
      where c.allocation_id = p.allocation_id and i.sku_id = p.sku_id and i.line_id = p.line_id
        and c.state = 'handed_over'), 0))
    from warehouse_pick p join allocation_allocation a on a.id = p.allocation_id
    where p.is_outside and p.sku_id = k.id and a.location_id = %(site)s), 0)::bigint,
  coalesce((select sum(b.quantity) from stock_balance b join stock_place p on p.id = b.place_id
    where b.sku_id = k.id and p.location_id = %(site)s and b.state = 'missing'), 0)::bigint,
  coalesce((select sum((item->>'quantity')::bigint) from outside_receipt r,
      jsonb_array_elements(r.items) item
    where r.site_id = %(site)s and r.booked_at is null and item->>'sku' = k.code), 0)::bigint,
  coalesce((select sum(m.quantity) from stock_movement m join stock_place t on t.id = m.target_id
    where m.sku_id = k.id and t.location_id = %(site)s and m.source_id < 0 and m.target_id > 0
      and m.key not like 'receipt:%%' and m.key not like 'receive:outside:%%' and m.key not like 'drift:%%'
      and m.at between %(taken_at)s - interval '7 days' and %(taken_at)s), 0)::bigint,
  coalesce((select sum(m.quantity) from stock_movement m join stock_place s on s.id = m.source_id
    where m.sku_id = k.id and s.location_id = %(site)s and m.target_id < 0
      and m.at between %(taken_at)s and %(taken_at)s + interval '2 hours'), 0)::bigint,
  coalesce((select sum(m.quantity) from stock_movement m join stock_place t on t.id = m.target_id
    where m.sku_id = k.id and t.location_id = %(site)s and m.source_id < 0
      and m.at between %(taken_at)s and %(taken_at)s + interval '2 hours'), 0)::bigint
from catalog_sku k where k.id = any(%(skus)s)
"""
WRITE = """
insert into outside_drift (report_id, sku_id, ours, theirs, causes)
select %(report)s, sku_id, ours, theirs, causes
from jsonb_to_recordset(%(drifts)s::jsonb) as d(sku_id bigint, ours bigint, theirs bigint, causes jsonb)
order by sku_id returning id, sku_id
"""
# A newer report says it better. What was not decided of the older ones is not to be decided any more.
REPLACED = """
update outside_drift d set settled_at = %(at)s, settled_by = 'system', settled_units = 0,
  because = 'a newer report says how it is now'
from outside_report r
where r.id = d.report_id and r.site_id = %(site)s and r.id <> %(report)s and d.settled_at is null
  and r.taken_at <= %(taken_at)s and d.sku_id = any(%(skus)s)
"""
SNAPPED = """
update outside_site set snapshot_at = greatest(coalesce(snapshot_at, %(at)s), %(at)s)
where location_id = %(site)s returning settle_up_to
"""


class Differs(NamedTuple):
    sku_id: int
    ours: int
    theirs: int
    causes: tuple[Cause, ...]


def take_report(location_id: int, site: str, report: Snapshot, *, at: datetime, by: str) -> int | None:
    """Keep a report and what it differs by, with candidates why. Returns its id; None when it was known.

    A difference of no more units than the site's rule allows is settled at once, by that rule. Constant
    number of statements but for those.
    """
    with transaction.atomic():
        ids = dict(sql.run(SKUS, (sorted(report.on_hand),)))
        facts = {"site": location_id, "reference": report.reference, "taken_at": report.taken_at, "at": at}
        unknown = sorted(set(report.on_hand) - set(ids))
        made = sql.run(KEEP, {**facts, "skus": len(report.on_hand), "unknown": sql.rows(unknown)})
        if not made:
            return None
        report_id = int(made[0][0])
        theirs = {ids[sku]: count for sku, count in report.on_hand.items() if sku in ids}
        sql.run(REPLACED, {**facts, "report": report_id, "skus": sorted(theirs)})
        differs = _differs(location_id, report.taken_at, theirs)
        rows = sql.rows({**one._asdict(), "causes": msgspec.to_builtins(one.causes)} for one in differs)
        written = {sku_id: id for id, sku_id in sql.run(WRITE, {"report": report_id, "drifts": rows})}
        ((up_to,),) = sql.run(SNAPPED, {"site": location_id, "at": at})
        if differs:
            emit([_found(site, report_id, differs, at=at, by=by)])
        for one in differs:
            units = to_settle(one.causes)
            if units and settles_itself(units, up_to):
                because = f"within the {up_to} units that the rule of {site} settles"
                settle_drift(written[one.sku_id], units, because=because, at=at, by="rule:outside")
    return report_id


def _differs(location_id: int, taken_at: datetime, theirs: dict[int, int]) -> list[Differs]:
    asked = {"site": location_id, "taken_at": taken_at, "skus": sorted(theirs)}
    ours = dict(sql.run(OURS, asked))
    other = sorted(sku_id for sku_id, count in theirs.items() if ours[sku_id] != count)
    known = {row[0]: Known(*row[1:]) for row in sql.run(KNOWN, {**asked, "skus": other})} if other else {}
    return [
        Differs(sku_id, ours[sku_id], theirs[sku_id], explain(ours[sku_id], theirs[sku_id], known[sku_id]))
        for sku_id in other
    ]


def _found(site: str, report_id: int, differs: Sequence[Differs], *, at: datetime, by: str) -> DriftFound:
    return DriftFound(
        subject=f"location:{site}",
        at=at,
        actor=by,
        location=site,
        report_id=report_id,
        skus=len(differs),
        units=sum(abs(one.theirs - one.ours) for one in differs),
    )
