"""A day passes, or a shop asks for other days: how many it is to have of what expires is worked out anew."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.river import signal
from quartermaster.events import ShelfLifeChanged

# Sites whose day is not the one that was looked at last.
TURNED = """
select c.id, (%(at)s::timestamptz at time zone c.timezone)::date::text as today, a.looked_on::text
from stock_location c left join channels_aged a on a.location_id = c.id
where a.looked_on is null or a.looked_on < (%(at)s::timestamptz at time zone c.timezone)::date
order by c.id
"""
LOOKED = """
insert into channels_aged (location_id, looked_on)
select s.id, s.today from jsonb_to_recordset(%(sites)s::jsonb) as s(id bigint, today date) order by s.id
on conflict (location_id) do update set looked_on = greatest(channels_aged.looked_on, excluded.looked_on)
"""
MARK = """
with dated as materialized ({dated})
insert into channels_dirty (sku_id)
select x.id from (
  select sku_id as id from dated
  union select k.kit_id from dated d join catalog_kit_leaf k on k.part_id = d.sku_id) x
where exists (select from channels_listing l where l.sku_id = x.id) order by 1
"""
# Lots that were good for as long as some channel asks when their sites were looked at, and are not any more.
# A rule of a single SKU takes the place of its channel's: to look once too often costs nothing.
GROWN = MARK.format(
    dated="""
  select distinct t.sku_id
  from (select distinct looked_on, today from jsonb_to_recordset(%(sites)s::jsonb)
    as s(looked_on date, today date)) s
  join stock_shelf_life h on h.days > 0
  join stock_lot t on t.expires_on < s.today + h.days and (h.sku_id is null or h.sku_id = t.sku_id)
    and (s.looked_on is null or t.expires_on >= s.looked_on + h.days)"""
)
ASKED = MARK.format(
    dated="""
  select distinct t.sku_id from stock_lot t
  where %(codes)s::text[] is null or t.sku_id in (select id from catalog_sku where code = any(%(codes)s))"""
)


def follow_days(*, at: datetime) -> int:
    """Write down the SKUs of which a lot grew too old for a shop since its site was looked at last. Returns
    how many sites have another day. Done again it does nothing."""
    with transaction.atomic():
        turned = sql.run(TURNED, {"at": at})
        if turned:
            sites = sql.rows([{"id": id_, "today": today, "looked_on": then} for id_, today, then in turned])
            sql.run(GROWN, {"sites": sites})
            sql.run(LOOKED, {"sites": sites})
            transaction.on_commit(signal.wake)
    return len(turned)


def follow_shelf_life(changes: Sequence[ShelfLifeChanged]) -> None:
    """The listener: what is promised to one channel is not there for another, so all listings are looked
    at."""
    codes = {change.sku for change in changes}
    sql.run(ASKED, {"codes": None if "" in codes else sorted(codes)})
    transaction.on_commit(signal.wake)
