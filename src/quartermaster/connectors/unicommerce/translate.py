"""Orders into Uniware's shapes, and what it says into ours. Pure.

It has one item for each unit. A package has left when it has a moment of dispatch; what its status is called
does not matter, and an order is done when each of its items has left or is cancelled.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import listed, objects, text
from quartermaster.outside.ports import Item, Order, Receipt, Shipment, Snapshot, Standing, State

# https://documentation.unicommerce.com/docs/response-codes.html, by way of programs that quote it, 2026-11-23
NO_SUCH_ORDER = frozenset({"INVALID_SALE_ORDER_CODE", "40005"})
SIGNED_OUT = frozenset({"INVALID_TOKEN", "100209"})
RECEIVED = frozenset({"COMPLETE", "QC_COMPLETE"})  # of a receipt, when nobody changes it any more
HELD = ("inventory", "inventoryBlocked", "putawayPending", "pendingInventoryAssessment", "badInventory")
REASON_MAX = 100

type Sent = Mapping[str, object]


class NotUnderstood(Exception):
    """An answer that has not the parts it must have."""


class Cursor(msgspec.Struct, frozen=True):
    """Since when receipts are asked for, those of them told, and the order asked about last."""

    since: str
    known: tuple[str, ...] = ()
    behind: str = ""


def read_cursor(text: str, *, now: datetime, back: timedelta) -> Cursor:
    """Without one: receipts from `back` before now on."""
    return msgspec.json.decode(text, type=Cursor) if text else Cursor((now - back).isoformat())


def write_cursor(cursor: Cursor) -> str:
    return msgspec.json.encode(cursor).decode()


def turn(references: Sequence[str], behind: str) -> list[str]:
    """All of them, those behind this one first."""
    ranked = sorted(references)
    return [r for r in ranked if r > behind] + [r for r in ranked if r <= behind]


def order_body(order: Order, *, facility: str, channel: str, method: str) -> dict[str, object]:
    to = order.receiver
    address = {
        "id": "1",
        "name": to.name or to.company,
        "addressLine1": to.line1,
        "addressLine2": ", ".join(filter(None, (to.line2, to.company if to.name else ""))),
        "city": to.city,
        "state": to.region,
        "country": to.country,
        "pincode": to.postcode,
        "phone": to.phone,
    }
    units = [item.sku for item in order.items for _ in range(item.quantity)]
    return {
        "saleOrder": {
            "code": order.reference,
            "displayOrderCode": order.number,
            "channel": channel,
            "customerName": to.name or to.company,
            "cashOnDelivery": False,
            "thirdPartyShipping": False,
            "addresses": [address],
            "billingAddress": {"referenceId": "1"},
            "shippingAddress": {"referenceId": "1"},
            "saleOrderItems": [
                {
                    "code": f"{order.reference}-{n}",
                    "itemSku": sku,
                    "shippingMethodCode": method,
                    "facilityCode": facility,
                    "packetNumber": 1,
                    "giftWrap": False,
                    "totalPrice": 0,
                    "sellingPrice": 0,
                    "prepaidAmount": 0,
                    "discount": 0,
                    "shippingCharges": 0,
                }
                for n, sku in enumerate(units, 1)
            ],
        }
    }


def cancel_body(reference: str, because: str) -> dict[str, object]:
    return {
        "saleOrderCode": reference,
        "cancelPartially": False,
        "cancelOnChannel": False,
        "cancellationReason": because[:REASON_MAX],
    }


def was_done(answer: Sent) -> bool:
    """Whether it says that it did what it was asked: a refusal comes with 200 as well. Raises
    NotUnderstood when it says neither."""
    said = answer.get("successful")
    if not isinstance(said, bool):
        raise NotUnderstood("Unicommerce did not say whether it was done")
    return said


def codes(answer: Sent) -> frozenset[str]:
    """The codes and names of what it says is wrong."""
    wrong = objects(answer.get("errors"))
    return frozenset(text(each.get(name)) for each in wrong for name in ("code", "message")) - {""}


def complaint(body: Sent) -> Complaint:
    wrong = objects(body.get("errors"))
    said = [text(each.get("description")) or text(each.get("message")) for each in wrong]
    because = "; ".join(filter(None, said)) or text(body.get("error_description") or body.get("message"))
    fields = {text(e.get("fieldName")): s for e, s in zip(wrong, said, strict=True) if e.get("fieldName")}
    return Complaint(text(body.get("error")), because, fields)


def sale_order(answer: Sent) -> Sent:
    """Raises NotUnderstood."""
    found = answer.get("saleOrderDTO")
    if not isinstance(found, dict) or not found.get("code"):
        raise NotUnderstood("Unicommerce named an order without its code")
    return found


def standing(order: Sent) -> Standing:
    """Raises NotUnderstood."""
    reference = text(order.get("code"))
    items = objects(order.get("saleOrderItems"))
    if not items:
        raise NotUnderstood(f"Unicommerce has {reference} without items")
    kept = [item for item in items if text(item.get("statusCode")) != "CANCELLED"]
    left = [package for package in objects(order.get("shippingPackages")) if package.get("dispatched")]
    shipments = tuple(_shipment(package, kept) for package in _apart(left))
    if not kept:
        return Standing(reference, State.CANCELLED, reference, _reason(items))
    gone = {shipment.reference for shipment in shipments}
    is_done = all(text(item.get("shippingPackageCode")) in gone for item in kept)
    return Standing(
        reference, State.SHIPPED if is_done else State.ACKNOWLEDGED, reference, shipments=shipments
    )


def _apart(packages: list[dict[str, object]]) -> list[dict[str, object]]:
    """Each package once, however often it is named."""
    return list({text(package.get("code")): package for package in packages}.values())


def _shipment(package: Sent, items: list[dict[str, object]]) -> Shipment:
    code = text(package.get("code"))
    mine = {text(item.get("code")): text(item.get("itemSku")) for item in items if _is_in(item, code)}
    if not code or not mine:
        raise NotUnderstood("Unicommerce dispatched a package with nothing in it")
    return Shipment(
        code,
        moment(package.get("dispatched")),
        tuple(Item(sku, count) for sku, count in sorted(Counter(mine.values()).items())),
        text(package.get("shippingProvider")),
        text(package.get("trackingNumber")),
    )


def _is_in(item: Sent, package: str) -> bool:
    return text(item.get("shippingPackageCode")) == package


def _reason(items: list[dict[str, object]]) -> str:
    return next((text(i["cancellationReason"]) for i in items if i.get("cancellationReason")), "") or (
        "cancelled at Unicommerce"
    )


def snapshot(answer: Sent, at: datetime) -> Snapshot:
    """All they have: to sell, kept for orders, not put away yet, looked at, bad. Raises NotUnderstood."""
    if "inventorySnapshots" not in answer:
        raise NotUnderstood("Unicommerce answered without stock")
    counts = {
        text(row.get("itemTypeSKU")): sum(_units(row.get(kind) or 0) for kind in HELD)
        for row in objects(answer["inventorySnapshots"])
    }
    return Snapshot(f"asked {at.isoformat(timespec='seconds')}", at, counts)


def receipt_codes(answer: Sent) -> list[str]:
    """Raises NotUnderstood."""
    if "inflowReceiptCodes" not in answer:
        raise NotUnderstood("Unicommerce answered without receipts")
    return [text(code) for code in listed(answer["inflowReceiptCodes"]) if code]


def receipt(answer: Sent) -> Receipt | None:
    """None while it is still being written. Units they rejected are not taken in. Raises NotUnderstood."""
    found = answer.get("inflowReceipt")
    if not isinstance(found, dict) or not found.get("code"):
        raise NotUnderstood("Unicommerce named a receipt without its code")
    if text(found.get("statusCode")) not in RECEIVED:
        return None
    items, rejected = [], 0
    for row in objects(found.get("inflowReceiptItems")):
        bad = _units(row.get("rejectedQuantity") or 0)
        good = _units(row.get("quantity")) - bad
        if good < 0:
            raise NotUnderstood(f"Unicommerce rejected more than came, in {text(found['code'])}")
        rejected += bad
        if good:
            items.append(Item(text(row.get("itemSKU")), good, text(row.get("batchCode"))))
    ordered = found.get("purchaseOrder")
    said = [f"for {text(ordered.get('code'))}"] if isinstance(ordered, dict) and ordered.get("code") else []
    said += [f"{rejected} rejected"] if rejected else []
    return Receipt(text(found["code"]), moment(found.get("created")), tuple(items), ", ".join(said))


def moment(value: object) -> datetime:
    """Thousandths of a second since 1970, or a text with an offset. Raises NotUnderstood."""
    try:
        if isinstance(value, str) and not value.isdecimal():
            found = datetime.fromisoformat(value)
        else:
            found = datetime.fromtimestamp(int(value) / 1000, UTC)  # type: ignore[call-overload]  # refused below
    except (TypeError, ValueError, OverflowError, OSError):
        raise NotUnderstood(f"Unicommerce says {text(value)[:40]!r}, which is no moment") from None
    if found.tzinfo is None:
        raise NotUnderstood(f"Unicommerce says {text(value)[:40]!r}, without an offset")
    return found.astimezone(UTC)


def _units(value: object) -> int:
    """Whole units. Raises NotUnderstood for a part of one."""
    try:
        units = int(value)  # type: ignore[call-overload]  # whatever they sent; refused below
    except (TypeError, ValueError):
        raise NotUnderstood(f"Unicommerce says {text(value)[:40]!r} units") from None
    if units != value or units < 0:
        raise NotUnderstood(f"Unicommerce says {text(value)[:40]!r} units")
    return int(units)
