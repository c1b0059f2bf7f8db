"""Orders that Amazon ships for us from its own warehouses (Fulfillment Outbound 2020-07-01), and what lies
there (FBA Inventory v1). Pure.

A shipment is told as one parcel under Amazon's number for it, with the first tracking number it has: Amazon
names the packages of a shipment later than the shipment.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from quartermaster.connectors.amazon.marketplaces import Marketplace
from quartermaster.connectors.picked import objects, text
from quartermaster.outside.ports import Item, Order, Shipment, Snapshot, Standing, State

SKUS: Final = 50  # the most one question about stock may name
SPEEDS: Final = ("Standard", "Expedited", "Priority")
_STATES = {
    "NEW": State.ACKNOWLEDGED,
    "RECEIVED": State.ACKNOWLEDGED,
    "PLANNING": State.ACKNOWLEDGED,
    "PROCESSING": State.ACKNOWLEDGED,
    "CANCELLED": State.CANCELLED,
    "COMPLETE": State.SHIPPED,
    "COMPLETEPARTIALLED": State.SHIPPED,
    "UNFULFILLABLE": State.REFUSED,
    "INVALID": State.REFUSED,
}

type Json = Mapping[str, object]


class NotUnderstood(Exception):
    """An answer that has not the parts it must have."""


def order_body(order: Order, market: Marketplace, *, speed: str, at: datetime) -> dict[str, object]:
    """All of it or nothing: what Amazon cannot ship whole is ours to send from elsewhere."""
    to = order.receiver
    address = {
        "name": to.name or to.company,
        "addressLine1": to.line1,
        "addressLine2": ", ".join(filter(None, (to.line2, to.company if to.name else ""))),
        "city": "" if to.country == "JP" else to.city,  # Amazon does not want one in Japan
        "stateOrRegion": to.region,
        "postalCode": to.postcode,
        "countryCode": to.country,
        "phone": to.phone,
    }
    required = ("name", "addressLine1", "postalCode", "countryCode")
    return {
        "marketplaceId": market.id,
        "sellerFulfillmentOrderId": order.reference,
        "displayableOrderId": order.number,
        "displayableOrderDate": _utc(at),
        "displayableOrderComment": order.number,
        "shippingSpeedCategory": speed,
        "fulfillmentAction": "Ship",
        "fulfillmentPolicy": "FillOrKill",
        "destinationAddress": {name: value for name, value in address.items() if value or name in required},
        "items": [
            {
                "sellerSku": item.sku,
                "sellerFulfillmentOrderItemId": f"{order.reference}-{n}",
                "quantity": item.quantity,
            }
            for n, item in enumerate(order.items, 1)
        ],
    }


def standing(answer: Json) -> Standing:
    """What Amazon says about one order. Raises NotUnderstood."""
    payload = answer.get("payload")
    told = payload if isinstance(payload, dict) else {}
    order = told.get("fulfillmentOrder")
    if not isinstance(order, dict):
        raise NotUnderstood("Amazon shows no order where one was asked for")
    reference, said = text(order.get("sellerFulfillmentOrderId")), text(order.get("fulfillmentOrderStatus"))
    state = _STATES.get(said.upper())
    if not reference or state is None:
        raise NotUnderstood(f"Amazon says of order {reference!r} that it is {said[:40]!r}")
    left = tuple(
        _shipment(one)
        for one in objects(told.get("fulfillmentShipments"))
        if text(one.get("fulfillmentShipmentStatus")).upper() == "SHIPPED"
    )
    if left and state in (State.CANCELLED, State.REFUSED):
        state = State.SHIPPED  # the rest of it never will
    because = f"Amazon says that it is {said}." if state in (State.CANCELLED, State.REFUSED) else ""
    return Standing(reference, state, reference, because, left)


def summaries(answer: Json) -> tuple[dict[str, int], str]:
    """Units of each SKU, and the token of the next page. Raises NotUnderstood.

    What can be sent and what is kept for orders; not what is damaged, or still on its way there.
    """
    payload = answer.get("payload")
    found = payload.get("inventorySummaries") if isinstance(payload, dict) else None
    if not isinstance(found, list):
        raise NotUnderstood("Amazon lists no stock where it was asked for")
    held: dict[str, int] = {}
    for one in objects(found):
        sku, details = text(one.get("sellerSku")), one.get("inventoryDetails")
        if not sku or not isinstance(details, dict):
            raise NotUnderstood("Amazon names stock without its SKU or its details")
        reserved = details.get("reservedQuantity")
        kept = reserved.get("totalReservedQuantity") if isinstance(reserved, dict) else 0
        held[sku] = held.get(sku, 0) + _count(details.get("fulfillableQuantity")) + _count(kept)
    pagination = answer.get("pagination")
    return held, text(pagination.get("nextToken")) if isinstance(pagination, dict) else ""


def asked(market: Marketplace, skus: Sequence[str], token: str) -> dict[str, str]:
    told = {
        "details": "true",
        "granularityType": "Marketplace",
        "granularityId": market.id,
        "marketplaceIds": market.id,
    }
    named = {"sellerSkus": ",".join(skus)} if skus else {}
    return told | named | ({"nextToken": token} if token else {})


def snapshot(held: Mapping[str, int], at: datetime) -> Snapshot:
    return Snapshot(f"fba-{at:%Y%m%dT%H%M%S}", at, dict(held))


def turn(references: Sequence[str], behind: str) -> list[str]:
    """All of them, those behind this one first."""
    ranked = sorted(references)
    return [r for r in ranked if r > behind] + [r for r in ranked if r <= behind]


def _shipment(told: Json) -> Shipment:
    number, moment = text(told.get("amazonShipmentId")), text(told.get("shippingDate"))
    try:
        left_at = datetime.fromisoformat(moment)
    except ValueError:
        raise NotUnderstood(f"Amazon does not say when shipment {number} left") from None
    units: dict[str, int] = {}
    for one in objects(told.get("fulfillmentShipmentItem")):
        sku = text(one.get("sellerSku"))
        units[sku] = units.get(sku, 0) + _count(one.get("quantity"))
    if not number or not units or "" in units:
        raise NotUnderstood(f"Amazon does not say what is in shipment {number or 'without a number'}")
    packages = objects(told.get("fulfillmentShipmentPackage"))
    tracked = next((one for one in packages if one.get("trackingNumber")), {})
    return Shipment(
        reference=number,
        shipped_at=left_at.replace(tzinfo=UTC) if left_at.tzinfo is None else left_at.astimezone(UTC),
        items=tuple(Item(sku, count) for sku, count in sorted(units.items())),
        carrier=text(tracked.get("carrierCode")),
        tracking_number=text(tracked.get("trackingNumber")),
    )


def _count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if value is None:
        return 0
    raise NotUnderstood(f"Amazon counts {str(value)[:40]!r} units")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
