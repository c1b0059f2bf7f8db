"""What a Magento shop is told of parcels and cancellations, and what it says about them. Pure.

A shipment is one document with its units, its tracking number and a comment; the same request again makes a
second one, so our reference ends the comment, and by that it is found.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final

from quartermaster.channels.ports import Cancellation, Shipment
from quartermaster.connectors.leaves import counted, identity, whole
from quartermaster.connectors.picked import objects, text

CARRIERS: Final = ("dhl", "fedex", "ups", "usps")  # those whose tracking Magento itself knows
TOGETHER: Final = 0  # of a bundle's shipment_type: it is shipped as a whole
CANCELLED: Final = "canceled"

type Json = Mapping[str, object]


def bundles(shipment: Shipment, order: Json) -> dict[str, str]:
    """The bundles of which the parcel has parts: row -> product."""
    rows = _rows(order)
    wanted = (_bundle_of(rows.get(line.line), rows) for line in shipment.lines)
    return {
        identity(row.get("item_id")): identity(row.get("product_id")) for row in wanted if row is not None
    }


def ships_whole(product: Json) -> bool:
    """Whether a bundle is shipped by its own row and not by those of its parts."""
    for attribute in objects(product.get("custom_attributes")):
        if attribute.get("attribute_code") == "shipment_type":
            return whole(attribute.get("value")) == TOGETHER
    return False


def units(shipment: Shipment, order: Json, as_whole: Set[str]) -> dict[str, int]:
    """What the parcel has, by the rows of the order that are shipped. `as_whole`: rows of bundles that are
    shipped by themselves: as many as this parcel completes alone, and with the last parcel those left."""
    rows, found = _rows(order), dict[str, int]()
    parts: dict[str, dict[str, int]] = {}
    for line in shipment.lines:
        bundle = _bundle_of(rows.get(line.line), rows)
        name = identity(bundle.get("item_id")) if bundle is not None else ""
        into = parts.setdefault(name, {}) if name in as_whole else found
        into[line.line] = into.get(line.line, 0) + line.quantity
    for name, held in parts.items():
        sent = left(rows[name]) if shipment.is_last else _whole_ones(name, held, rows)
        if sent:
            found[name] = sent
    return found


def left(row: Json) -> int:
    """Units of a row that can still be shipped, as Magento counts them."""
    gone = max(counted(row.get("qty_shipped")), counted(row.get("qty_refunded")))
    return max(0, counted(row.get("qty_ordered")) - counted(row.get("qty_canceled")) - gone)


def _whole_ones(name: str, held: Mapping[str, int], rows: Mapping[str, Json]) -> int:
    bundles = counted(rows[name].get("qty_ordered")) or 1
    each = {
        part: max(1, counted(row.get("qty_ordered")) // bundles)
        for part, row in rows.items()
        if identity(row.get("parent_item_id")) == name
    }
    return min((held.get(part, 0) // count for part, count in each.items()), default=0)


def ship(shipment: Shipment, sent: Mapping[str, int], source: str) -> dict[str, object]:
    """The request. `source`: of the inventory from which it leaves; "" leaves that to Magento."""
    made: dict[str, object] = {
        "items": [{"order_item_id": int(row), "qty": count} for row, count in sent.items()],
        "notify": shipment.tells_buyer,
        "appendComment": False,
        "comment": {"comment": said(shipment), "is_visible_on_front": 0},
    }
    if shipment.tracking_number:
        track = {
            "track_number": shipment.tracking_number,
            "title": shipment.carrier or "Parcel",
            "carrier_code": _carrier(shipment.carrier),
        }
        made["tracks"] = [track]
    if source:
        made["arguments"] = {"extension_attributes": {"source_code": source}}
    return made


def said(shipment: Shipment) -> str:
    """For the shop's own people. It ends with our reference."""
    things = ", ".join(f"{line.quantity} × {line.code or line.line}" for line in shipment.lines)
    by = f" with {shipment.carrier}" if shipment.carrier else ""
    number = f", {shipment.tracking_number}" if shipment.tracking_number else ""
    link = f" {shipment.tracking_url}" if shipment.tracking_url else ""
    return f"Shipped{by}{number}: {things}.{link} [{shipment.reference}]"


def cancelled(cancellation: Cancellation) -> str:
    note = f" {cancellation.note}" if cancellation.note else ""
    return f"Cancelled ({cancellation.reason}).{note} [{cancellation.reference}]"


def comment(order: Json, sentence: str, *, tells_buyer: bool) -> dict[str, object]:
    """A comment of the order: one that tells the buyer is mailed, and shown in the buyer's account."""
    told = int(tells_buyer)
    history = {
        "parent_id": whole(order.get("entity_id")),
        "comment": sentence,
        "is_customer_notified": told,
        "is_visible_on_front": told,
    }
    if status := text(order.get("status")):
        history["status"] = status
    return {"statusHistory": history}


def document(reference: str, documents: Iterable[Json]) -> str:
    """The id of the document whose comment ends with our reference, "" when there is none."""
    known = (one for one in documents if has_comment(reference, objects(one.get("comments"))))
    return next((identity(one.get("entity_id")) for one in known), "")


def has_comment(reference: str, comments: Sequence[Json]) -> bool:
    return any(text(one.get("comment")).rstrip().endswith(f"[{reference}]") for one in comments)


def made(answer: object) -> str:
    """The id of a new document, which is all that is answered: as a number or as a text. "" for no id."""
    return str(number) if (number := whole(answer)) and number > 0 else ""


def _carrier(name: str) -> str:
    first = name.strip().lower().partition(" ")[0]
    return first if first in CARRIERS else "custom"


def _rows(order: Json) -> dict[str, Json]:
    return {identity(row.get("item_id")): row for row in objects(order.get("items"))}


def _bundle_of(row: Json | None, rows: Mapping[str, Json]) -> Json | None:
    parent = rows.get(identity(row.get("parent_item_id"))) if row else None
    return parent if parent is not None and parent.get("product_type") == "bundle" else None
