"""Cancelling at Flipkart goes by groups of whole items, before a shipment is packed. Pure."""

from collections.abc import Mapping
from typing import Final

from quartermaster.channels.ports import Cancellation
from quartermaster.connectors.flipkart.translate.lines import CANCELLED
from quartermaster.connectors.picked import objects, text

# https://seller.flipkart.com/api-docs/order-api-docs/v3/ShipmentCancel.html, read 2026-11-23: a seller may
# only say one of these, and never that the customer wanted it.
REASONS: Final = {"inventory": "not_enough_inventory"}
OTHERWISE: Final = "cannot_procure_item"

type Json = Mapping[str, object]


def is_done(shipment: Json) -> bool:
    """Is nothing of it wanted any more?"""
    return all(_is_cancelled(item) for item in objects(shipment.get("orderItems")))


def body(shipment: Json, wanted: Cancellation, location: str) -> dict[str, object]:
    """All groups of what is not cancelled yet."""
    items = [item for item in objects(shipment.get("orderItems")) if not _is_cancelled(item)]
    return {
        "shipments": [
            {
                "shipmentId": wanted.order,
                "locationId": text(shipment.get("locationId")) or location,
                "cancellationGroupIds": sorted({text(item.get("cancellationGroupId")) for item in items}),
                "reason": REASONS.get(wanted.reason, OTHERWISE),
            }
        ]
    }


def _is_cancelled(item: Json) -> bool:
    return text(item.get("status")).upper() == CANCELLED
