"""Photos of parcels, and which parcel wants one."""

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.warehouse.queries.packaging import packaging_in_force
from quartermaster.warehouse.rules.photos import Boxed, photo_because

# How a SKU is to be packed stands among its attributes: {"packing": ["fragile"]}.
BOXED = """
with boxed as (
  select s.code, s.attributes -> 'packing' ? 'fragile' as is_fragile
  from warehouse_parcel_item i join catalog_sku s on s.id = i.sku_id where i.parcel_id = %(parcel)s
  union all
  select l.code, false from warehouse_parcel_item i join orders_line l on l.id = i.line_id
  where i.parcel_id = %(parcel)s)
select c.slug, coalesce(o.ship_to ->> 'country', ''), array(select distinct code from boxed order by 1),
  array(select jsonb_array_elements_text(o.detail -> 'tags')
        where jsonb_typeof(o.detail -> 'tags') = 'array'),
  coalesce((select min(code) from boxed where is_fragile), ''), o.total_minor, o.currency
from warehouse_parcel p join orders_order o on o.id = p.order_id
join inbox_connection c on c.id = o.connection_id where p.id = %(parcel)s
"""
# One of a closed box shows a box.
OPEN_BOX = """
select exists (
  select from warehouse_parcel_photo f where f.parcel_id = %(parcel)s and f.parcel_state = 'packing')
"""
PHOTO = "select kind, body from warehouse_parcel_photo where id = %s and parcel_id = coalesce(%s, parcel_id)"


def photo_wanted(parcel_id: int) -> str:
    """Why this parcel wants a photo before it is closed; "" when it wants none, or has one. One statement
    where the packaging asks for none."""
    rules = packaging_in_force().packaging.photos
    if not rules:
        return ""
    ((has_one,),) = sql.run(OPEN_BOX, {"parcel": parcel_id})
    found = [] if has_one else sql.run(BOXED, {"parcel": parcel_id})
    return photo_because(Boxed._make(found[0]), rules) if found else ""


def parcel_photo(photo_id: int, *, parcel_id: int | None = None) -> tuple[str, bytes]:
    """The kind and the bytes of a photo, of this parcel where one is named. Raises NotFound."""
    for kind, body in sql.run(PHOTO, (photo_id, parcel_id), binary=True):
        return kind, bytes(body)
    raise NotFound(what="photo", which=photo_id)
