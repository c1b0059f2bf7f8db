"""Amazon's bodies that say only what a test is about; everything else adds up by itself."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from quartermaster.connectors.amazon import translate
from quartermaster.orders.ports import OrderSold, Reading

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def euros(amount: str, currency: str = "EUR") -> dict[str, object]:
    return {"amount": amount, "currencyCode": currency}


def of_kind(kind: str, amount: str, currency: str = "EUR", **details: str) -> dict[str, object]:
    """A breakdown of proceeds; `details` are what of it falls on what."""
    told = [{"subtype": name, "value": euros(value, currency)} for name, value in details.items()]
    whole: dict[str, object] = {"type": kind, "subtotal": euros(amount, currency)}
    return whole | ({"detailedBreakdowns": told} if told else {})


def a_line(
    number: str = "11", quantity: int = 1, *proceeds: Mapping[str, object], **told: object
) -> dict[str, object]:
    return {
        "orderItemId": number,
        "quantityOrdered": quantity,
        "product": {
            "asin": "B0MUG",
            "title": "Mug",
            "sellerSku": "MUG",
            "price": {"unitPrice": euros("10.00")},
        },
        "proceeds": {"breakdowns": list(proceeds) or [of_kind("ITEM", f"{10 * quantity}.00")]},
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
    } | told


def by(status: str = "UNSHIPPED", who: str = "MERCHANT") -> dict[str, object]:
    return {"fulfillmentStatus": status, "fulfilledBy": who, "fulfillmentServiceLevel": "STANDARD"}


def an_order(total: str = "10.00", currency: str = "EUR", **told: object) -> dict[str, object]:
    """An order of one mug for EUR 10.00 in Germany, paid and to be sent by us."""
    return {
        "orderId": "302-1234567-0000001",
        "createdTime": "2026-11-01T10:00:00Z",
        "lastUpdatedTime": "2026-11-01T10:30:00Z",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1PA6795UKMFR9"},
        "proceeds": {"grandTotal": euros(total, currency)},
        "fulfillment": by(),
        "orderItems": [a_line()],
    } | told


def sold_in(marketplace: str) -> dict[str, object]:
    return {"salesChannel": {"channelName": "AMAZON", "marketplaceId": marketplace}}


def read(body: object, topic: str = "") -> Reading:
    return translate.read(topic=topic, body=json.dumps(body).encode(), received_at=AT)


def sold(body: Mapping[str, object]) -> OrderSold:
    """The one order that is read from the body."""
    reading = read(body)
    assert isinstance(reading, tuple), reading
    (order,) = reading
    assert isinstance(order, OrderSold)
    return order
