"""Who got a lot: every order with units of it, and how far they are."""

from collections.abc import Sequence

import msgspec

from quartermaster.core import sql

STAGES = ("delivered", "shipped", "packed", "picked", "to_pick")


class Affected(msgspec.Struct, frozen=True):
    """Units of a recalled lot on one order, in one stage: delivered, shipped, packed, picked or to_pick.
    notice: waiting or told where the customer has them; notice_id with it."""

    order: str
    order_id: int
    stage: str
    units: int
    parcel: str
    tracking_number: str
    name: str
    email: str
    phone: str
    notice: str
    notice_id: int | None
    told: str


# What is in a parcel, what is in a tote (picked, in no parcel and not put back), what a list sends for.
AFFECTED = """
with r as (select id, sku_id, lot from stock_recall where id = %(recall)s),
boxed as (
  select p.order_id, p.id as parcel_id, p.state, p.tracking_number, t.delivered_at is not null as is_there,
    sum(i.quantity)::bigint as units
  from r join warehouse_parcel_item i on i.sku_id = r.sku_id and i.lot = r.lot and i.lot <> ''
  join warehouse_parcel p on p.id = i.parcel_id and p.state <> 'cancelled'
  left join tracking_track t on t.parcel_id = p.id
  group by 1, 2, 3, 4, 5),
loose as (
  select order_id, sum(units)::bigint as units from (
    select k.order_id, k.picked as units from r
    join warehouse_pick k on k.sku_id = r.sku_id and k.lot = r.lot and k.lot <> '' where k.picked > 0
    union all
    select b.order_id, -b.quantity from r join warehouse_put_back b on b.sku_id = r.sku_id and b.lot = r.lot
    union all
    select order_id, -units from boxed) x group by 1 having sum(units) > 0),
sent as (
  select k.order_id, sum(k.quantity - k.picked)::bigint as units from r
  join warehouse_pick k on k.sku_id = r.sku_id and k.lot = r.lot and k.lot <> '' and k.state = 'to_pick'
  group by 1),
found as (
  select order_id, case when state <> 'handed_over' then 'packed' when is_there then 'delivered'
      else 'shipped' end as stage, units, 'P-' || parcel_id as parcel, tracking_number from boxed
  union all select order_id, 'picked', units, '', '' from loose
  union all select order_id, 'to_pick', units, '', '' from sent)
select row_to_json(x)::text from (
  select 'SO-' || o.id as order, o.id as order_id, f.stage, f.units, f.parcel, f.tracking_number,
    coalesce(nullif(o.buyer->>'name', ''), o.ship_to->>'name', '') as name,
    coalesce(o.buyer->>'email', '') as email,
    coalesce(nullif(o.buyer->>'phone', ''), o.ship_to->>'phone', '') as phone,
    case when f.stage in ('delivered', 'shipped') then coalesce(n.state, '') else '' end as notice,
    n.id as notice_id, coalesce(n.told_because, '') as told
  from found f join orders_order o on o.id = f.order_id
  left join support_notice n on n.order_id = o.id and n.recall_id = %(recall)s
  order by array_position(%(stages)s::text[], f.stage), o.id, f.parcel) x
"""
_affected = msgspec.json.Decoder(Affected)


def affected(recall_id: int) -> Sequence[Affected]:
    """All of them, those who have it first. One statement."""
    asked = {"recall": recall_id, "stages": list(STAGES)}
    return [_affected.decode(row) for (row,) in sql.run(AFFECTED, asked)]
