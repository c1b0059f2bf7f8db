"""The commercial invoice of a parcel that crosses a border."""

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.money import Money
from quartermaster.core.queries.setting import setting
from quartermaster.orders.ports import Address
from quartermaster.shipping.queries.papers.labels import address_lines
from quartermaster.shipping.queries.papers.typesetting import typeset
from quartermaster.shipping.rules.customs import Declaration, Good, Profile, Row, crosses, declare

KEY = "customs"
PARCEL = """
select 'SO-' || o.id, o.ship_to::text, o.currency, p.state, coalesce(l.country, ''), p.carrier,
  p.tracking_number, to_char(coalesce(p.packed_at, p.made_at), 'FMDD Mon YYYY'),
  (select coalesce(jsonb_agg(row_to_json(g) order by g.id), '[]') from (
     select min(i.id) as id, x.id as line, coalesce(k.code, x.code) as sku,
       coalesce(nullif(k.title, ''), x.title) as title,
       sum(i.quantity)::bigint as quantity,
       round((select coalesce(sum(y.line_units), 0) from warehouse_parcel_item y
        where y.parcel_id = p.id and y.line_id = x.id) * (x.gross_minor - x.discount_minor)::numeric
         / greatest(1, x.ordered))::bigint as line_value_minor,
       coalesce(k.hs_code, '') as hs_code, coalesce(k.origin_country, '') as origin, k.weight_g,
       case when k.currency = o.currency then k.cost_minor end as cost_minor,
       case when k.id <> x.sku_id then x.title else '' end as kit
     from warehouse_parcel_item i join orders_line x on x.id = i.line_id
     left join catalog_sku k on k.id = i.sku_id
     where i.parcel_id = p.id group by x.id, k.id) g)::text
from warehouse_parcel p join orders_order o on o.id = p.order_id
left join stock_location l on l.id = p.location_id where p.id = %s
"""


class NotDeclared(Refused):
    code = "no-customs"
    message = "{parcel} needs no customs paper: {because}."
    remedy = "Papers for customs are for closed parcels that cross a border."


class Incomplete(Refused):
    code = "customs-incomplete"
    message = "The commercial invoice of {parcel} would be incomplete: {missing}"
    remedy = "Complete the products, or PUT /api/customs; then print it."


class _Found(msgspec.Struct, frozen=True):
    """A closed parcel that crosses a border, and its declaration."""

    order: str
    receiver: Address
    carrier: str
    tracking_number: str
    on: str
    declaration: Declaration


def profile() -> Profile:
    """Who we are for customs; an empty one while nobody has said so."""
    return msgspec.convert(setting(KEY) or {}, Profile)


def declaration(parcel_id: int) -> Declaration:
    """What customs want to know of a parcel. Raises NotFound, NotDeclared."""
    return _found(parcel_id).declaration


def customs_pdf(parcel_id: int) -> bytes:
    """The commercial invoice, A4. Raises NotFound, NotDeclared, Incomplete: a paper with holes keeps the
    parcel at the border."""
    found = _found(parcel_id)
    told, known = found.declaration, profile()
    if told.missing:
        raise Incomplete(parcel=f"P-{parcel_id}", missing=" ".join(told.missing))
    content = {
        "parcel": f"P-{parcel_id}",
        "order": found.order,
        "on": found.on,
        "carrier": found.carrier,
        "tracking_number": found.tracking_number,
        "exporter": known.exporter.splitlines(),
        "eori": told.eori,
        "receiver": address_lines(found.receiver),
        "rows": [_row(row, told.currency) for row in told.rows],
        "value": str(Money(told.value_minor, told.currency)),
        "weight": _weight(told.weight_g),
        "incoterm": told.incoterm,
        "to": told.receiver,
        "ioss": told.ioss,
    }
    return typeset("customs", content)


def _found(parcel_id: int) -> _Found:
    found = sql.run(PARCEL, (parcel_id,))
    if not found:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    order, ship_to, currency, state, sender, carrier, number, on, goods_json = found[0]
    to = msgspec.json.decode(ship_to, type=Address, strict=False) if ship_to else Address()
    if state in ("packing", "cancelled"):
        raise NotDeclared(parcel=f"P-{parcel_id}", because="it is not closed")
    if not crosses(sender, to.country):
        ends = f"from {sender or 'nowhere'} to {to.country or 'nowhere'} nothing is declared"
        raise NotDeclared(parcel=f"P-{parcel_id}", because=ends)
    goods = msgspec.json.decode(goods_json, type=list[Good])
    told = declare(goods, profile(), sender=sender, receiver=to.country, currency=currency)
    return _Found(order, to, carrier, number, on, told)


def _row(row: Row, currency: str) -> dict[str, object]:
    told = msgspec.structs.asdict(row)
    return {**told, "value": str(Money(row.value_minor, currency)), "weight": _weight(row.weight_g)}


def _weight(weight_g: int | None) -> str:
    return "" if weight_g is None else f"{weight_g / 1000:.3f} kg"
