"""Bins whose time has come get their tasks, so many a day; SKUs get their class by what they bring."""

from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import CountCycleChanged
from quartermaster.warehouse.actions.counts import want_counts
from quartermaster.warehouse.queries.counts import COUNTS_KEY, cycle, shelves
from quartermaster.warehouse.rules.cycle import Cycle, classes, due, errors_in

# Three months of order lines, kits taken apart. Worth: by cost; a line of a SKU without one by its price.
SOLD = """
select s.id, case when %(by)s = 'value' then coalesce(sold.worth, 0) else coalesce(sold.lines, 0) end::bigint
from catalog_sku s left join (
  select x.sku_id, count(*) as lines, sum(x.units * coalesce(k.cost_minor, x.price_minor)) as worth
  from (
    select coalesce(f.part_id, l.sku_id) as sku_id, l.ordered * coalesce(f.quantity, 1) as units,
      case when f.part_id is null then l.unit_price_minor else 0 end as price_minor
    from orders_order o join orders_line l on l.order_id = o.id
    left join catalog_kit_leaf f on f.kit_id = l.sku_id
    where o.placed_at > %(at)s::timestamptz - interval '90 days' and o.placed_at <= %(at)s
      and l.sku_id is not null) x
  join catalog_sku k on k.id = x.sku_id group by x.sku_id) sold on sold.sku_id = s.id
where not s.is_kit
"""
CLASSED = """
insert into warehouse_sku_class (sku_id, abc, measure, at)
select sku_id, abc, measure, %(at)s from jsonb_to_recordset(%(found)s::jsonb)
  as f(sku_id bigint, abc text, measure bigint) order by sku_id
on conflict (sku_id) do update set abc = excluded.abc, measure = excluded.measure, at = excluded.at
"""
SITES = """
select l.id, (%(at)s::timestamptz at time zone l.timezone)::date, (
  select count(*) from warehouse_count_task t where t.location_id = l.id and t.kind = 'due'
    and t.at >= date_trunc('day', %(at)s::timestamptz at time zone l.timezone) at time zone l.timezone)
from stock_location l
where l.is_active and l.kind in ('own', 'store') and (%(location)s = '' or l.code = %(location)s)
order by l.id
"""


def schedule_counts(*, location: str = "", at: datetime, by: str) -> int:
    """Make today's tasks: the most urgent bins of each site, as many as the policy says for a day, those made
    today before included. Returns how many are new; running it twice makes none twice."""
    policy, made = cycle(), 0
    with transaction.atomic():
        sql.run("select pg_advisory_xact_lock(hashtextextended('count schedule', 0))")  # one plan a time
        _classify(policy, at=at)
        for site, today, so_far in sql.run(SITES, {"at": at, "location": location}):
            room = max(0, policy.per_day - so_far)
            chosen = due(shelves(site), policy, today=today)[:room] if room else []
            wanted = [
                {
                    "place_id": one.shelf.place_id,
                    "sku_id": one.shelf.sku_id,
                    "kind": "due",
                    "because": one.because,
                }
                for one in chosen
            ]
            made += want_counts(wanted, at=at, by=by) if wanted else 0
    return made


def save_cycle(wanted: Cycle, *, at: datetime, by: str) -> None:
    """Count by this policy from now on. Raises Invalid that names every faulty field."""
    if errors := errors_in(wanted):
        raise Invalid(what="The counting policy", errors=errors)
    before, after = msgspec.to_builtins(cycle()), msgspec.to_builtins(wanted)
    changed = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if not changed:
        return
    with transaction.atomic():
        keep_setting(COUNTS_KEY, after, at=at, by=by)
        emit([CountCycleChanged(subject="floor:counts", at=at, actor=by, changed=changed)])


def _classify(policy: Cycle, *, at: datetime) -> None:
    sold = dict(sql.run(SOLD, {"by": policy.by, "at": at}))
    found = [{"sku_id": sku_id, "abc": abc, "measure": sold[sku_id]} for sku_id, abc in classes(sold).items()]
    sql.run(CLASSED, {"found": sql.rows(found), "at": at})
