"""Parcels as people and programs see them: their state, their labels, why this service."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.shipping.queries.shipments import parcel_id_of
from quartermaster.shipping.rules import Choice


class LabelShown(msgspec.Struct, frozen=True):
    """A label that was asked for, and what became of it. `choice`: None while nobody has decided."""

    id: str
    reference: str
    state: str
    carrier: str
    service: str
    tracking_number: str
    cost_minor: int | None
    currency: str
    because: str
    asked_at: datetime
    asked_by: str
    bought_at: datetime | None
    voided_at: datetime | None
    manifest: str | None
    choice: Choice | None = None


class ItemShown(msgspec.Struct, frozen=True):
    sku: str
    title: str
    quantity: int
    lot: str
    serial: str


class ParcelShown(msgspec.Struct, frozen=True):
    """One parcel. Weight in grams, sizes in millimetres; None: not known."""

    id: int
    number: str
    order: str
    state: str
    location: str
    carrier: str
    service: str
    tracking_number: str
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    promised_on: date | None
    ship_by: datetime | None
    made_at: datetime
    packed_at: datetime | None
    handed_over_at: datetime | None
    items: tuple[ItemShown, ...]
    photos: tuple[int, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """A parcel on the shipping page."""

    id: int
    number: str
    order: str
    state: str
    location: str
    carrier: str
    service: str
    tracking_number: str
    packed_at: datetime | None
    ship_by: datetime | None
    label: str
    because: str
    manifest: str | None


PARCEL = """
select row_to_json(r)::text from (
  select p.id, 'P-' || p.id as number, 'SO-' || p.order_id as order, p.state,
    coalesce(s.code, '') as location,
    p.carrier, p.service, p.tracking_number, p.weight_g, p.length_mm, p.width_mm, p.height_mm, p.promised_on,
    p.ship_by, p.made_at, p.packed_at, p.handed_over_at,
    coalesce((select json_agg(row_to_json(i) order by i.id) from (
      select i.id, coalesce(k.code, l.code) as sku, coalesce(nullif(k.title, ''), l.title) as title,
        i.quantity, i.lot, i.serial
      from warehouse_parcel_item i join orders_line l on l.id = i.line_id
      left join catalog_sku k on k.id = i.sku_id where i.parcel_id = p.id) i), '[]') as items,
    array(select f.id from warehouse_parcel_photo f where f.parcel_id = p.id order by f.id) as photos
  from warehouse_parcel p left join stock_location s on s.id = p.location_id where p.id = %s) r
"""
LABELS = """
select row_to_json(r)::text from (
  select id::text as id, reference, state, carrier, service, tracking_number, cost_minor, currency, because,
    asked_at, asked_by, bought_at, voided_at, 'M-' || manifest_id as manifest,
    case when decision is not null then convert_from(decision, 'UTF8')::json end as choice
  from shipping_label where parcel_id = %s order by shipping_label.id desc) r
"""
_ROWS = """
select row_to_json(r)::text from (
  select p.id, 'P-' || p.id as number, 'SO-' || p.order_id as order, p.state,
    coalesce(s.code, '') as location,
    p.carrier, p.service, p.tracking_number, p.packed_at, p.ship_by, coalesce(l.state, '') as label,
    coalesce(l.because, '') as because, 'M-' || l.manifest_id as manifest
  from warehouse_parcel p left join stock_location s on s.id = p.location_id
  left join lateral (
    select x.state, x.because, x.manifest_id, x.asked_at from shipping_label x where x.parcel_id = p.id
    order by x.id desc limit 1) l on true
  where {where} and (%(sites)s::text[] is null or s.code = any(%(sites)s))
    and (%(after)s::bigint is null or p.id > %(after)s) order by p.id limit %(limit)s) r
"""
WAITING = _ROWS.format(where="p.state = 'packed' and coalesce(l.state, '') not in ('refused', 'stranded')")
# Labels that were paid in vain are shown for two weeks, whatever became of their parcel.
REFUSED = _ROWS.format(
    where="""p.id in (select x.parcel_id from shipping_label x where x.state in ('refused', 'stranded'))
    and ((l.state = 'refused' and p.state in ('packing', 'packed'))
      or (l.state = 'stranded' and l.asked_at > now() - interval '14 days'))"""
)
NOT_SCANNED = _ROWS.format(where="p.state = 'labelled' and l.manifest_id is null")
# With the carrier, and not on its list: it may not carry what it was not told of.
NOT_LISTED = _ROWS.format(
    where="""p.id in (
      select x.parcel_id from shipping_told t join shipping_label x on x.manifest_id = t.manifest_id
        and x.account = t.account and x.carrier_ref <> '' and x.state = 'bought'
      where t.state in ('asked', 'refused')
      union
      select x.parcel_id from shipping_told t cross join lateral jsonb_array_elements_text(t.missing) m (says)
      join shipping_label x on x.manifest_id = t.manifest_id and x.account = t.account and x.carrier_ref <> ''
        and x.state = 'bought' and x.parcel_id = case when m.says ~ '^P-[0-9]{1,18}$'
          then substr(m.says, 3)::bigint end
      where t.missing <> '[]')"""
)
LISTS = {"not_listed": NOT_LISTED, "waiting": WAITING, "refused": REFUSED, "not_scanned_out": NOT_SCANNED}

_parcel = msgspec.json.Decoder(ParcelShown)
_label = msgspec.json.Decoder(LabelShown)
_row = msgspec.json.Decoder(Row)


def parcel(number: str) -> ParcelShown:
    """Raises NotFound."""
    for (found,) in sql.run(PARCEL, (parcel_id_of(number),)):
        return _parcel.decode(found)
    raise NotFound(what="parcel", which=number[:40])


def labels(parcel_id: int) -> list[LabelShown]:
    """Every label that was ever asked for it, the newest first."""
    return [_label.decode(found) for (found,) in sql.run(LABELS, (parcel_id,))]


def listed(which: str, *, sites: Sequence[str] = (), after: str = "", limit: int = LIMIT) -> Page[Row]:
    """Parcels in the house, the oldest first: "waiting" for a label, "refused" one, "not_scanned_out" yet;
    or with the carrier and "not_listed" by it. sites: only of these, none: all."""
    asked = {"after": position(after), "limit": limit + 1, "sites": list(sites) or None}
    return cut([_row.decode(found) for (found,) in sql.run(LISTS[which], asked)], limit, lambda row: row.id)


def parcel_ids_of(numbers: Sequence[str]) -> list[int]:
    """Raises NotFound for what is no parcel's number."""
    return [parcel_id_of(number) for number in numbers]
