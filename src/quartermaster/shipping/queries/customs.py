"""What is declared of parcels that cross a border, read for many at once."""

from collections.abc import Collection, Mapping
from datetime import date

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.orders.ports import Address
from quartermaster.shipping.queries.customs_versions import profile_in_force
from quartermaster.shipping.rules.customs import Contents, Declaration, Good, Profile, crosses, declare

# Units of a line are counted over all its parcels: by what is in earlier ones, and by what a whole line has.
PARCELS = """
select p.id, json_build_object('parcel', p.id, 'order_id', o.id, 'receiver', coalesce(o.ship_to, '{}'),
  'currency', o.currency, 'freight_minor', o.shipping_minor,
  'items_minor', o.items_minor - o.discount_minor, 'state', p.state, 'country', coalesce(l.country, ''),
  'site', coalesce(l.code, ''),
  'carrier', p.carrier, 'service', p.service, 'tracking_number', p.tracking_number,
  'on', (coalesce(p.packed_at, p.made_at) at time zone coalesce(l.timezone, 'UTC'))::date,
  'weight_g', p.weight_g, 'contents', c.content, 'goods', coalesce(g.goods, '[]'))::text
from warehouse_parcel p join orders_order o on o.id = p.order_id
left join stock_location l on l.id = p.location_id
left join lateral (
  select json_build_object('purpose', purpose, 'worth', worth) as content from shipping_content
  where order_id = o.id) c on true
left join lateral (
  select json_agg(row_to_json(g) order by g.id) as goods from (
    select min(i.id) as id, x.id as line, coalesce(k.code, x.code) as sku,
      coalesce(nullif(k.title, ''), x.title) as title, sum(i.quantity)::bigint as quantity,
      x.gross_minor - x.discount_minor as line_value_minor, x.tax_minor,
      coalesce(k.hs_code, '') as hs_code, coalesce(k.origin_country, '') as origin, k.weight_g,
      case when k.currency = o.currency then k.cost_minor end as cost_minor,
      case when k.id <> x.sku_id then x.title else '' end as kit,
      coalesce((select sum(e.quantity) from warehouse_parcel_item e
        join warehouse_parcel q on q.id = e.parcel_id
        where e.line_id = x.id and e.sku_id is not distinct from k.id and q.id < p.id
          and q.state <> 'cancelled'), 0)::bigint as before,
      (select json_agg(json_build_object('sku', coalesce(y.code, x.code), 'units', w.units, 'cost_minor',
          case when y.currency = o.currency then y.cost_minor end) order by y.id)
       from (
         select sku_id, max(units) as units from (
           select coalesce(f.part_id, x.sku_id) as sku_id, coalesce(f.quantity, 1) * x.ordered as units
           from (select 1) one left join catalog_kit_leaf f on f.kit_id = x.sku_id
           union all
           select e.sku_id, sum(e.quantity) from warehouse_parcel_item e
           join warehouse_parcel q on q.id = e.parcel_id
           where e.line_id = x.id and q.state <> 'cancelled' group by 1) u group by 1) w
       left join catalog_sku y on y.id = w.sku_id) as parts
    from warehouse_parcel_item i join orders_line x on x.id = i.line_id
    left join catalog_sku k on k.id = i.sku_id
    where i.parcel_id = p.id group by x.id, k.id) g) g on true
where p.id = any(%s) order by p.id
"""
CONTENT = """
select json_build_object('purpose', purpose, 'worth', worth)::text from shipping_content where order_id = %s
"""


class NotDeclared(Refused):
    code = "no-customs"
    message = "{parcel} needs no customs paper: {because}."
    remedy = "Papers for customs are for closed parcels that cross a border."


class Sent(msgspec.Struct, frozen=True):
    """A parcel with what a declaration is made from. freight and items: what is paid for the whole order."""

    parcel: int
    order_id: int
    receiver: Address
    currency: str
    freight_minor: int
    items_minor: int
    state: str
    country: str
    site: str
    carrier: str
    service: str
    tracking_number: str
    on: date
    weight_g: int | None
    contents: Contents | None
    goods: tuple[Good, ...]


_sent = msgspec.json.Decoder(Sent, strict=False)
_contents = msgspec.json.Decoder(Contents)


def profile() -> Profile:
    """Who we are for customs today; an empty one while nobody has said so."""
    return profile_in_force().profile


def contents(order_id: int) -> Contents:
    """Why an order is sent: a sale while nobody says otherwise."""
    for (found,) in sql.run(CONTENT, (order_id,)):
        return _contents.decode(found)
    return Contents()


def sent(parcel_ids: Collection[int]) -> dict[int, Sent]:
    """One statement."""
    return {key: _sent.decode(told) for key, told in sql.run(PARCELS, (list(parcel_ids),))}


def declarations(parcel_ids: Collection[int]) -> Mapping[int, Declaration]:
    """Of those that cross a border, whatever their state. Two statements."""
    if not parcel_ids:
        return {}
    known = profile()
    return {
        key: of_sent(one, known)
        for key, one in sent(parcel_ids).items()
        if crosses(one.country, one.receiver.country)
    }


def declared(parcel_id: int) -> tuple[Sent, Declaration]:
    """A closed parcel that crosses a border, and its declaration. Raises NotFound, NotDeclared."""
    one = sent([parcel_id]).get(parcel_id)
    if one is None:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    to = one.receiver.country
    if one.state in ("packing", "cancelled"):
        raise NotDeclared(parcel=f"P-{parcel_id}", because="it is not closed")
    if not crosses(one.country, to):
        ends = f"from {one.country or 'nowhere'} to {to or 'nowhere'} nothing is declared"
        raise NotDeclared(parcel=f"P-{parcel_id}", because=ends)
    return one, of_sent(one, profile())


def declaration(parcel_id: int) -> Declaration:
    """What customs want to know of a parcel. Raises NotFound, NotDeclared."""
    return declared(parcel_id)[1]


def of_sent(one: Sent, known: Profile) -> Declaration:
    return declare(
        one.goods,
        known.at(one.site),
        sender=one.country,
        receiver=one.receiver.country,
        currency=one.currency,
        contents=one.contents,
    )
