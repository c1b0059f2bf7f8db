"""The parcels of an order: what is in them, who carries them, and how far they are."""

from datetime import date, datetime
from typing import NamedTuple

import msgspec

from quartermaster.console.late.words import STATUS as TRACKED
from quartermaster.console.orders.words import Word
from quartermaster.console.outside.words import sentence
from quartermaster.core import sql
from quartermaster.outside.queries.board import of_order

_STATES = {
    "packing": Word("Being packed", "▸", "is-accent"),
    "packed": Word("Packed, no label yet", "▣", "is-warn"),
    "labelled": Word("Labelled", "▣", "is-accent"),
    "handed_over": Word("Handed over", "→", "is-good"),
    "cancelled": Word("Given up", "✕", ""),
}
_PARCELS_MAX = 50

PARCELS = """
select row_to_json(r)::text from (
  select p.id, p.state, p.carton, p.weight_g, p.carrier, p.service, p.tracking_number, p.promised_on,
    p.ship_by, p.handed_over_at, coalesce(l.code, '') as location, coalesce(t.status, '') as status,
    t.last_scan_at, t.delivered_at, label.cost_minor, coalesce(label.currency, '') as currency,
    coalesce(label.state, '') as label_state, coalesce(label.because, '') as label_because,
    coalesce((select string_agg(i.quantity || ' × ' || coalesce(s.code, '?'), ', ' order by i.id)
      from warehouse_parcel_item i left join catalog_sku s on s.id = i.sku_id where i.parcel_id = p.id), '')
      as holds,
    array(select f.id from warehouse_parcel_photo f where f.parcel_id = p.id order by f.id) as photos
  from warehouse_parcel p left join stock_location l on l.id = p.location_id
  left join tracking_track t on t.parcel_id = p.id
  left join lateral (select * from shipping_label b where b.parcel_id = p.id order by b.id desc limit 1) label
    on true
  where p.order_id = %s order by p.id limit %s) r
"""


class ParcelShown(msgspec.Struct, frozen=True):
    """holds: units and SKUs as one text. label_because: why the last label was refused, if it was."""

    id: int
    state: str
    carton: str
    weight_g: int | None
    carrier: str
    service: str
    tracking_number: str
    promised_on: date | None
    ship_by: datetime | None
    handed_over_at: datetime | None
    location: str
    status: str
    last_scan_at: datetime | None
    delivered_at: datetime | None
    cost_minor: int | None
    currency: str
    label_state: str
    label_because: str
    holds: str
    photos: tuple[int, ...] = ()

    @property
    def number(self) -> str:
        return f"P-{self.id}"

    @property
    def word(self) -> Word:
        """What the carrier tells, once it has told something; else where it is in the house."""
        if self.state == "packed" and self.label_state == "refused":
            return Word("Label refused", "✕", "is-bad")
        return TRACKED.get(self.status) or _STATES[self.state]


_parcel = msgspec.json.Decoder(ParcelShown)


def parcels(order_id: int) -> list[ParcelShown]:
    """Lowest number first. One statement."""
    return [_parcel.decode(row[0]) for row in sql.run(PARCELS, (order_id, _PARCELS_MAX))]


class OutsideShown(NamedTuple):
    """What an outside site was sent of the order, in a sentence."""

    site: str
    reference: str
    state: str
    cancel: str
    sentence: str


def outside_of(order_id: int) -> list[OutsideShown]:
    """Oldest first. One statement."""
    return [
        OutsideShown(one.site, one.reference, one.state, one.cancel, sentence(one))
        for one in of_order(order_id)
    ]
