"""Orders into Extensiv's shapes, and what it says into ours. Pure.

An order of theirs is closed when it is done: with the day it was processed it was shipped, without one it was
cancelled. What has neither shape stays as it is.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import objects, text
from quartermaster.outside.ports import (
    Item,
    Notice,
    Noticed,
    Order,
    Receipt,
    Shipment,
    Snapshot,
    Standing,
    State,
)

ORDERS, ITEMS = "http://api.3plCentral.com/rels/orders/order", "http://api.3plCentral.com/rels/orders/item"

RECEIVER = "http://api.3plCentral.com/rels/inventory/receiver"
RECEIVE_ITEM = "http://api.3plCentral.com/rels/inventory/receiveritem"
CONFIRMED, CANCELED = 1, 2  # 0: open; https://3w.extensiv.com/rels/inventory/receivers, read 2026-11-23
OVERLAP = timedelta(days=1)
OURS = re.compile(r"QM-IN-[0-9]+-[0-9a-f]+")  # a reference of a notice
REVISION = re.compile(r"revision ([0-9]{1,9})\b")

type Sent = Mapping[str, object]


class NotUnderstood(Exception):
    """An answer that has not the parts it must have."""


class Cursor(msgspec.Struct, frozen=True):
    """When receivers were asked for last, and those of them that were told and may be listed again."""

    asked_at: datetime
    known: tuple[str, ...] = ()


def read_cursor(text: str, *, now: datetime) -> Cursor:
    """Without one: what is confirmed from now on."""
    return msgspec.json.decode(text, type=Cursor) if text else Cursor(now + OVERLAP)


def write_cursor(cursor: Cursor) -> str:
    return msgspec.json.encode(cursor).decode()


def since(cursor: Cursor, zone: ZoneInfo) -> str:
    """From when on they are asked for, in the facility's time, which is how RQL takes it."""
    return (cursor.asked_at - OVERLAP).astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")


def receivers(answer: Sent) -> list[Sent]:
    """Raises NotUnderstood when it is no list of them."""
    if "totalResults" not in answer:
        raise NotUnderstood("Extensiv answered without a list of receivers")
    found = {receiver_id(each): each for each in objects(_within(answer, "_embedded").get(RECEIVER))}
    return list(found.values())


def receiver_id(receiver: Sent) -> str:
    return text(_within(receiver, "readOnly").get("receiverId"))


def receipt(receiver: Sent, zone: ZoneInfo) -> Receipt | None:
    """What came in; None while it is not confirmed, or when it was canceled. Units on hold are damaged until
    somebody says otherwise. Raises NotUnderstood."""
    read = _within(receiver, "readOnly")
    if not receiver_id(receiver):
        raise NotUnderstood("Extensiv named a receiver without its number")
    if read.get("status") != CONFIRMED:
        return None
    items, said = [], [f"for {text(receiver['referenceNum'])}"] if receiver.get("referenceNum") else []
    rows = objects(_within(receiver, "_embedded").get(RECEIVE_ITEM)) or objects(receiver.get("receiveItems"))
    for row in rows:
        sku, came = text(_within(row, "itemIdentifier").get("sku")), _units(row.get("qty") or 0)
        expected = _within(row, "readOnly").get("expectedQty")
        if expected is not None and _units(expected) != came:
            differs = came - _units(expected)
            said.append(f"{abs(differs)} × {sku} {'over' if differs > 0 else 'short'}")
        if came:
            lot, serial = text(row.get("lotNumber")), text(row.get("serialNumber"))
            items.append(Item(sku, came, lot, serial, row.get("onHold") is True))
    at = _moment(receiver.get("arrivalDate") or read.get("lastModifiedDate"), zone)
    named = text(receiver.get("referenceNum"))
    notice = named if OURS.fullmatch(named) else ""
    return Receipt(receiver_id(receiver), at, tuple(items), ", ".join(said), notice)


def notice_body(notice: Notice, *, customer_id: str, facility_id: str) -> dict[str, object]:
    """A receiver of theirs, which is what they receive against; the revision stands in its notes."""
    return {
        "customerIdentifier": {"id": int(customer_id)},
        "facilityIdentifier": {"id": int(facility_id)},
        "referenceNum": notice.reference,
        "poNum": notice.document or notice.number,
        "expectedDate": notice.expected_on.isoformat() if notice.expected_on else None,
        "notes": f"{notice.number} from {notice.sender or 'a supplier'}, revision {notice.revision}",
        "receiveItems": [
            {
                "itemIdentifier": {"sku": item.sku},
                "qty": item.quantity,
                **({"lotNumber": item.lot} if item.lot else {}),
                **({"serialNumber": item.serial} if item.serial else {}),
            }
            for item in notice.items
        ],
    }


def noticed(receiver: Sent) -> Noticed:
    """Raises NotUnderstood."""
    reference = text(receiver.get("referenceNum"))
    if not receiver_id(receiver) or not reference:
        raise NotUnderstood("Extensiv named a receiver without its number")
    told = REVISION.search(text(receiver.get("notes")))
    state = State.CANCELLED if status_of(receiver) == CANCELED else State.ACKNOWLEDGED
    return Noticed(reference, state, int(told[1]) if told else 0, receiver_id(receiver))


def status_of(receiver: Sent) -> object:
    return _within(receiver, "readOnly").get("status")


def order_body(order: Order, *, customer_id: str, facility_id: str) -> dict[str, object]:
    to = order.receiver
    return {
        "customerIdentifier": {"id": int(customer_id)},
        "facilityIdentifier": {"id": int(facility_id)},
        "referenceNum": order.reference,
        "poNum": order.number,
        "shipTo": {
            "name": to.name or to.company,
            "companyName": to.company or to.name,
            "address1": to.line1,
            "address2": to.line2,
            "city": to.city,
            "state": to.region,
            "zip": to.postcode,
            "country": to.country,
            "phoneNumber": to.phone,
        },
        "orderItems": [{"itemIdentifier": {"sku": item.sku}, "qty": item.quantity} for item in order.items],
    }


def orders(answer: Sent) -> list[Sent]:
    """The orders in a list of them. Raises NotUnderstood when it is no such list."""
    if "totalResults" not in answer:
        raise NotUnderstood("Extensiv answered without a list of orders")
    found: dict[str, Sent] = {}
    for each in objects(_within(answer, "_embedded").get(ORDERS)):
        found.setdefault(number(each), each)
    return list(found.values())


def number(order: Sent) -> str:
    """Their number of an order; "" when it has none."""
    return text(_within(order, "readOnly").get("orderId"))


def is_closed(order: Sent) -> bool:
    return _within(order, "readOnly").get("isClosed") is True


def was_processed(order: Sent) -> bool:
    return bool(_within(order, "readOnly").get("processDate"))


def standing(order: Sent, zone: ZoneInfo) -> Standing:
    """Raises NotUnderstood."""
    reference = text(order.get("referenceNum"))
    if not number(order) or not reference:
        raise NotUnderstood("Extensiv named an order without its number")
    if is_closed(order) and not was_processed(order):
        return Standing(reference, State.CANCELLED, number(order), "cancelled at Extensiv")
    state = State.SHIPPED if is_closed(order) else State.ACKNOWLEDGED
    return Standing(reference, state, number(order), shipments=_shipments(order, zone))


def _shipments(order: Sent, zone: ZoneInfo) -> tuple[Shipment, ...]:
    """One for each package; for a closed order without packages, one with all of its items."""
    read = _within(order, "readOnly")
    skus = {text(_within(i, "readOnly").get("orderItemId")): _item(i) for i in _items(order)}
    packages = objects(read.get("packages"))
    if packages:
        return tuple(_package(order, package, skus, zone) for package in packages)
    if not is_closed(order):
        return ()
    return (
        Shipment(
            number(order),
            _moment(read.get("processDate"), zone),
            tuple(skus.values()),
            text(_within(order, "routingInfo").get("carrier")),
            text(_within(order, "routingInfo").get("trackingNumber")),
        ),
    )


def _package(order: Sent, package: Sent, skus: Mapping[str, Item], zone: ZoneInfo) -> Shipment:
    items = []
    for content in objects(package.get("packageContents")):
        item = skus.get(text(content.get("orderItemId")))
        if item is None:
            raise NotUnderstood("Extensiv packed an item that is not of its order")
        items.append(Item(item.sku, _units(content.get("qty")), text(content.get("lotNumber"))))
    at = package.get("createDate") or _within(order, "readOnly").get("processDate")
    return Shipment(
        f"{number(order)}/{text(package.get('packageId'))}",
        _moment(at, zone),
        tuple(items),
        text(_within(order, "routingInfo").get("carrier")),
        text(package.get("trackingNumber")),
    )


def _items(order: Sent) -> list[dict[str, object]]:
    return objects(_within(order, "_embedded").get(ITEMS)) or objects(order.get("orderItems"))


def _item(item: Sent) -> Item:
    return Item(text(_within(item, "itemIdentifier").get("sku")), _units(item.get("qty")))


def snapshot(answer: Sent, at: datetime) -> Snapshot:
    """Raises NotUnderstood."""
    if "summaries" not in answer:
        raise NotUnderstood("Extensiv answered without stock")
    counts: dict[str, int] = {}
    for row in objects(answer["summaries"]):
        sku = text(_within(row, "itemIdentifier").get("sku"))
        counts[sku] = _units(row.get("onHand"))
    return Snapshot(f"asked {at.isoformat(timespec='seconds')}", at, counts)


def complaint(body: Sent) -> Complaint:
    fields = {text(p.get("Name")): text(p.get("Hint")) for p in objects(body.get("Properties"))}
    because = text(body.get("Hint")) or "; ".join(f"{name}: {hint}" for name, hint in fields.items())
    return Complaint(text(body.get("ErrorCode")), because or text(body.get("ErrorCode")), fields)


def _units(value: object) -> int:
    """Whole units. Raises NotUnderstood for a part of one."""
    try:
        units = int(value)  # type: ignore[call-overload]  # whatever they sent; refused below
    except (TypeError, ValueError):
        raise NotUnderstood(f"Extensiv says {text(value)[:40]!r} units") from None
    if units != value or units < 0:
        raise NotUnderstood(f"Extensiv says {text(value)[:40]!r} units")
    return int(units)


def _moment(value: object, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text(value))
    except ValueError:
        raise NotUnderstood(f"Extensiv says {text(value)[:40]!r}, which is no moment") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _within(value: Sent, name: str) -> Sent:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}
