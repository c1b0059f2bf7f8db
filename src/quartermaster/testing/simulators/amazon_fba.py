"""Amazon's own warehouses: orders it ships for others, under a number it takes once, and what lies there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from quartermaster.testing.simulators.amazon_listings import MARKETPLACE, no
from quartermaster.testing.simulators.server import Request, Response

CARRIED = ("LAMP", "BULB")
ROOT, STOCK = "/fba/outbound/2020-07-01/fulfillmentOrders", "/fba/inventory/v1/summaries"
PAGE = 50
_NEEDED = ("displayableOrderId", "displayableOrderDate", "displayableOrderComment", "shippingSpeedCategory")
_ADDRESS = ("name", "addressLine1", "postalCode", "countryCode")

type Json = dict[str, object]


def operation(method: str, path: str) -> str:
    if path == STOCK:
        return "stock"
    return {"POST": "send", "PUT": "cancel"}.get(method, "mcf")


class Fba:
    def __init__(self, carries: tuple[str, ...] = CARRIED) -> None:
        self.carries = carries  # (): everything
        self.orders: dict[str, Json] = {}
        self.stock = {"LAMP": 40, "BULB": 9}
        self.shipments = 0

    def respond(self, request: Request) -> Response:
        if request.operation == "stock":
            return self._counted(request.query)
        if request.operation == "send":
            return self._made(cast("Json", request.body))
        if request.path == ROOT:
            return Response(200, {"payload": {"fulfillmentOrders": []}})
        number = request.path.removeprefix(f"{ROOT}/").removesuffix("/cancel")
        order = self.orders.get(number)
        if order is None:
            return no(404, "NotFound", f"Order {number} was not found.")
        if request.operation == "cancel":
            return self._cancelled(order)
        return Response(200, {"payload": order})

    def ship(self, reference: str, units: dict[str, int], is_last: bool) -> None:
        """A shipment with these units leaves; what is left at the end never will."""
        self.shipments += 1
        order = self.orders[reference]
        items = [
            {"sellerSku": sku, "sellerFulfillmentOrderItemId": f"{reference}-{sku}", "quantity": count}
            for sku, count in units.items()
        ]
        package = {"packageNumber": 1, "carrierCode": "AMZN", "trackingNumber": f"TBA{self.shipments:09}"}
        cast("list[Json]", order["fulfillmentShipments"]).append(
            {
                "amazonShipmentId": f"D{self.shipments:08}",
                "fulfillmentCenterId": "BER3",
                "fulfillmentShipmentStatus": "SHIPPED",
                "shippingDate": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "fulfillmentShipmentItem": items,
                "fulfillmentShipmentPackage": [package],
            }
        )
        cast("Json", order["fulfillmentOrder"])["fulfillmentOrderStatus"] = (
            "Complete" if is_last else "Processing"
        )

    def _made(self, body: Json) -> Response:
        number, address = (
            str(body.get("sellerFulfillmentOrderId", "")),
            cast("Json", body["destinationAddress"]),
        )
        missing = [name for name in _NEEDED if not body.get(name)]
        missing += [name for name in _ADDRESS if not address.get(name)]
        if missing or not 0 < len(number) <= 40:
            return no(
                400, "InvalidInput", f"{missing[0] if missing else 'sellerFulfillmentOrderId'} is required"
            )
        if number in self.orders:
            return no(400, "InvalidInput", f"{number} is taken")
        items = cast("list[Json]", body["items"])
        unknown = [one["sellerSku"] for one in items if self.carries and one["sellerSku"] not in self.carries]
        if unknown:
            return no(400, "InvalidInput", f"No inventory of {unknown[0]}")
        told = {**body, "fulfillmentOrderStatus": "Received"}
        told.pop("items")
        self.orders[number] = {
            "fulfillmentOrder": told,
            "fulfillmentOrderItems": [
                {**one, "cancelledQuantity": 0, "unfulfillableQuantity": 0} for one in items
            ],
            "fulfillmentShipments": [],
            "returnItems": [],
            "returnAuthorizations": [],
        }
        return Response(200, {})

    def _cancelled(self, order: Json) -> Response:
        if order["fulfillmentShipments"]:
            return no(400, "InvalidInput", "It has left")
        cast("Json", order["fulfillmentOrder"])["fulfillmentOrderStatus"] = "Cancelled"
        return Response(200, {})

    def _counted(self, query: Mapping[str, str]) -> Response:
        if (query.get("granularityId"), query.get("marketplaceIds")) != (MARKETPLACE, MARKETPLACE):
            return no(400, "InvalidInput", "granularityId is none of yours")
        named = query["sellerSkus"].split(",") if "sellerSkus" in query else sorted(self.stock)
        if "sellerSkus" in query and len(named) > PAGE:
            return no(400, "InvalidInput", f"{PAGE} SKUs are the most")
        start = int(query.get("nextToken", "0"))
        found = [sku for sku in named if sku in self.stock]
        summaries = [_summary(sku, self.stock[sku]) for sku in found[start : start + PAGE]]
        answer: Json = {"payload": {"granularity": {}, "inventorySummaries": summaries}}
        if start + PAGE < len(found):
            answer["pagination"] = {"nextToken": str(start + PAGE)}
        return Response(200, answer)


def _summary(sku: str, count: int) -> Json:
    """Two of the units are kept for orders; three more are on their way, and one is damaged."""
    kept = min(2, count)
    return {
        "sellerSku": sku,
        "totalQuantity": count + 4,
        "inventoryDetails": {
            "fulfillableQuantity": count - kept,
            "inboundShippedQuantity": 3,
            "reservedQuantity": {"totalReservedQuantity": kept},
            "unfulfillableQuantity": {"totalUnfulfillableQuantity": 1},
        },
    }
