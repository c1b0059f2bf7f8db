"""What one section of the truth speaks of, as temporary tables over ours."""

from collections.abc import Mapping
from typing import Any, Final

from quartermaster.core import sql

ZONE: Final = "interval '-3 hours'"  # as in examples/olist: their wall clock

# o: an order. l: a line. t: a payment. pair: an order and one of its sellers. d: an order that was delivered,
# with its date.
TABLES: Final = (
    "drop table if exists o, l, t, pair, d",
    f"""
create temp table o as
select o.id, o.detail->'history'->>'told' as told, o.customer_id, o.ship_to->>'region' as state,
  o.placed_at at time zone {ZONE} as placed, o.paid_at at time zone {ZONE} as approved,
  o.promised_by at time zone {ZONE} as estimate, o.promised_on,
  p.handed_over_at at time zone {ZONE} as carrier, p.ship_by at time zone {ZONE} as ship_by,
  p.delivered_at at time zone {ZONE} as customer
from orders_order o join inbox_connection c on c.id = o.connection_id and c.slug = %(connection)s
left join lateral (
  select max(p.handed_over_at) as handed_over_at, max(p.ship_by) as ship_by,
    max(k.delivered_at) as delivered_at
  from warehouse_parcel p left join tracking_track k on k.parcel_id = p.id where p.order_id = o.id) p on true
where %(first)s::timestamp is null
  or o.placed_at at time zone {ZONE} between %(first)s::timestamp and %(last)s::timestamp
""",
    """
create temp table l as
select l.order_id, l.code, l.gross_minor as price, l.shipping_minor as freight, l.ordered,
  s.attributes->>'category' as category, s.weight_g, s.length_mm, s.width_mm, s.height_mm
from orders_line l join o on o.id = l.order_id left join catalog_sku s on s.id = l.sku_id
""",
    """
create temp table t as
select t.order_id, t.gateway, t.amount_minor as amount, t.installments
from orders_tender t join o on o.id = t.order_id
""",
    "create temp table d as select * from o where told = 'delivered' and customer is not null",
    """
create temp table pair as
select p.order_id, s.code as seller
from warehouse_parcel p join o on o.id = p.order_id join stock_location s on s.id = p.location_id
""",
    "create index on l (order_id)",
    "create index on t (order_id)",
    "analyze o, l, t, d, pair",
)


def lay_out(section: Mapping[str, Any], connection: str) -> None:
    """Make the tables for the orders that a section covers: those of its period, or all if it names none."""
    period = {"first": section.get("purchase_first"), "last": section.get("purchase_last")}
    if None in period.values():
        period = dict.fromkeys(period)
    for statement in TABLES:
        sql.run(statement, {**period, "connection": connection} if "%(" in statement else (), prepare=False)
