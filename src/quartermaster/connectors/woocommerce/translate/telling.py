"""What a WooCommerce shop is told, and what it says about it. Pure.

WooCommerce has no parcels. What is told of one stands in the order's own fields under our reference, and in a
note that the buyer is mailed; the order is completed with its last parcel.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from quartermaster.channels.ports import Change, Shipment
from quartermaster.connectors.picked import objects, text

PAGE: Final = 100
FIELD: Final = "_quartermaster_{}"
DONE: Final = ("completed", "cancelled", "refunded", "failed", "trash")
_SHOWN: Final = "%Y-%m-%dT%H:%M:%S"

_encoder = msgspec.json.Encoder(decimal_format="number")

type Json = Mapping[str, object]


def page(since: datetime, cursor: str) -> tuple[datetime, int, dict[str, str]]:
    """From where on, which page of it, and how it is asked for. The cursor is MOMENT|PAGE: a later moment
    after each page, so that orders which move to the end of the list push nobody over the edge of one."""
    moment, _, number = cursor.partition("|")
    after = datetime.fromisoformat(moment) if cursor else since
    at = int(number or 1)
    asked = {
        "modified_after": after.astimezone(UTC).strftime(_SHOWN),
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "per_page": str(PAGE),
        "page": str(at),
    }
    return after, at, asked


def following(after: datetime, at: int, orders: Sequence[Json]) -> str:
    """The cursor behind a full page: a second before its last change, whose other orders may follow; the next
    page where the whole page is of one second."""
    last = modified(orders[-1]) - timedelta(seconds=1)
    return f"{last.isoformat()}|1" if last > after else f"{after.isoformat()}|{at + 1}"


def modified(order: Json) -> datetime:
    """Raises ValueError."""
    return datetime.fromisoformat(text(order.get("date_modified_gmt"))).replace(tzinfo=UTC)


def change(order: Json) -> Change:
    """An order of a list as a webhook would bring it."""
    return Change("order.updated", _encoder.encode(order))


def update(shipment: Shipment, order: Json) -> dict[str, object]:
    """What the order becomes."""
    told = {
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
        "shipped_at": shipment.shipped_at.astimezone(UTC).strftime(f"{_SHOWN}Z"),
        "items": {line.line: line.quantity for line in shipment.lines},
    }
    made: dict[str, object] = {"meta_data": [{"key": FIELD.format(shipment.reference), "value": told}]}
    if shipment.is_last and order.get("status") not in DONE:
        made["status"] = "completed"
    return made


def note(shipment: Shipment) -> dict[str, object]:
    """What the buyer, or only the shop's people, read. It ends with our reference: by that it is found."""
    things = ", ".join(f"{line.quantity} × {line.code or line.line}" for line in shipment.lines)
    carrier = f" with {shipment.carrier}" if shipment.carrier else ""
    number = f", tracking number {shipment.tracking_number}" if shipment.tracking_number else ""
    link = f" {shipment.tracking_url}" if shipment.tracking_url else ""
    said = f"Shipped{carrier}: {things}{number}.{link} [{shipment.reference}]"
    return {"note": said, "customer_note": shipment.tells_buyer}


def is_known(shipment: Shipment, order: Json) -> bool:
    """Does the order itself know of the parcel, and stand as it should?"""
    key = FIELD.format(shipment.reference)
    has_field = any(one.get("key") == key for one in objects(order.get("meta_data")))
    return has_field and (not shipment.is_last or order.get("status") in DONE)


def note_of(shipment: Shipment, notes: Sequence[Json]) -> str:
    """The id of our note, "" when there is none."""
    ends = f"[{shipment.reference}]"
    return next((str(one.get("id")) for one in notes if text(one.get("note")).rstrip().endswith(ends)), "")
