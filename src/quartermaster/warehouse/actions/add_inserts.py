"""Inserts: decided when a parcel is begun, scanned when they are articles, missed when it is closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.events import emit
from quartermaster.events import InsertLeftOut
from quartermaster.orders.actions.state import OrderState
from quartermaster.warehouse.actions.parcels import Closing
from quartermaster.warehouse.queries.packaging import packaging_in_force
from quartermaster.warehouse.rules.inserts import Facts, inserts_for


class InsertMissing(Refused):
    code = "insert-missing"
    message = "{missing} goes into P-{parcel_id} too and was not scanned."
    remedy = "Scan it, or say why it is left out."


# An order gets its inserts once, in the first of its parcels that is not given up.
FACTS = """
select p.id, p.order_id,
  array(select s.code from warehouse_pick k join catalog_sku s on s.id = k.sku_id
        where k.order_id = p.order_id and k.picked > 0
        union select l.code from orders_line l where l.order_id = p.order_id),
  o.customer_id is not null and not exists (
    select from orders_order e where e.customer_id = o.customer_id and e.id <> o.id
      and e.cancelled_at is null and (e.placed_at, e.id) < (o.placed_at, o.id))
from warehouse_parcel p join orders_order o on o.id = p.order_id
where p.id = any(%s) and not exists (
  select from warehouse_parcel x join warehouse_parcel_insert i on i.parcel_id = x.id
  where x.order_id = p.order_id and x.state <> 'cancelled')
order by p.order_id, p.id
"""
ADD = """
insert into warehouse_parcel_insert (parcel_id, code, title, sku, weight_g, because, packaging_version)
select parcel_id, code, title, sku, weight_g, because, %s
from jsonb_to_recordset(%s::jsonb) as i(
  parcel_id bigint, code text, title text, sku text, weight_g int, because text)
"""
# An empty box of the order beside this one has no need of its inserts.
SCANNED = """
update warehouse_parcel_insert set parcel_id = %(parcel)s, scanned_at = %(at)s where id = (
  select i.id from warehouse_parcel mine
  join warehouse_parcel p on (p.order_id, p.location_id) = (mine.order_id, mine.location_id)
  join warehouse_parcel_insert i on i.parcel_id = p.id
  where mine.id = %(parcel)s and i.sku = %(sku)s
    and (p.id = mine.id and i.scanned_at is null or p.id <> mine.id and p.state = 'packing' and not exists (
      select from warehouse_parcel_item x where x.parcel_id = p.id))
  order by p.id <> mine.id, i.id limit 1)
"""
MISSING = """
select title from warehouse_parcel_insert
where parcel_id = %s and sku <> '' and scanned_at is null order by id
"""


def add_inserts(parcel_ids: Sequence[int], orders: Mapping[int, OrderState], *, at: datetime) -> None:
    """For parcels just made of locked orders. One statement without inserts, else three."""
    packaging = packaging_in_force().packaging
    if not packaging.inserts:
        return
    rows, done = [], set[int]()
    for parcel_id, order_id, skus, is_first in sql.run(FACTS, (list(parcel_ids),)):
        if order_id in done:
            continue
        done.add(order_id)
        order = orders[order_id]
        country = str((order.ship_to or {}).get("country") or "")
        facts = Facts(order.channel, country, skus, order.tags, is_first)
        rows += [
            {
                "parcel_id": parcel_id,
                "code": one.insert.code,
                "title": one.insert.title,
                "sku": one.insert.sku,
                "weight_g": one.insert.weight_g,
                "because": one.because,
            }
            for one in inserts_for(facts, packaging.inserts, on=at.date())
        ]
    if rows:
        sql.run(ADD, (packaging.version, sql.rows(rows)))


def take_insert(parcel_id: int, sku: str, *, at: datetime) -> bool:
    """Whether this SKU was to go in as an insert, or into an empty parcel beside this one, and is in now."""
    return sql.change(SCANNED, {"parcel": parcel_id, "sku": sku, "at": at}) > 0


def miss_inserts(closing: Closing, *, because: str, at: datetime, by: str) -> None:
    """Raises InsertMissing for articles that were not scanned; with `because` that is recorded."""
    missing = tuple(title for (title,) in sql.run(MISSING, (closing.id,)))
    if not missing:
        return
    if not because.strip():
        raise InsertMissing(missing=", ".join(missing), parcel_id=closing.id)
    emit(
        [
            InsertLeftOut(
                subject=f"order:SO-{closing.order_id}",
                at=at,
                actor=by,
                order_id=closing.order_id,
                parcel_id=closing.id,
                inserts=missing,
                because=because.strip(),
            )
        ]
    )
