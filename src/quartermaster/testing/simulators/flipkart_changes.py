"""What becomes of a Flipkart shipment without its seller: fewer units are wanted, it is parted, or its dates
are others.

Its seller changes nothing of it: no such call exists, and an address stands on the label alone.
"""

from datetime import datetime, timedelta
from typing import cast

type Json = dict[str, object]

_AMOUNTS = ("sellingPrice", "totalPrice", "shippingCharge")


def with_a_unit_less(shipment: Json) -> Json | None:
    """The buyer cancels one unit of an item of which there are more, before it is packed: the item is told in
    two parts then. None where there is no such item."""
    items = cast("list[Json]", shipment["orderItems"])
    for n, one in enumerate(items):
        units = int(str(one["quantity"]))
        if one["status"] == "APPROVED" and units > 1:
            gone = {"status": "CANCELLED", "cancellationReason": "buyer_cancellation"}
            parts = [_part(one, units, units - 1), {**_part(one, units, 1), **gone}]
            return {**shipment, "orderItems": [*items[:n], *parts, *items[n + 1 :]]}
    return None


def split(shipment: Json, name: str) -> tuple[Json, Json] | None:
    """Flipkart parts it before it is packed: what stays in it, and the rest, which is another shipment of the
    same customer's order. None where there is nothing to part."""
    items = cast("list[Json]", shipment["orderItems"])
    for n, one in enumerate(items):
        units = int(str(one["quantity"]))
        if one["status"] == "APPROVED" and units > 1:
            kept = [*items[:n], _part(one, units, units - 1), *items[n + 1 :]]
            rest = {**shipment, "shipmentId": name, "orderItems": [_part(one, units, 1)]}
            return {**shipment, "orderItems": kept}, rest
    return None


def promised_anew(shipment: Json, at: datetime, n: int) -> Json:
    """It may be handed over later than was said before."""
    by = at + timedelta(days=2, minutes=n)
    return {**shipment, "dispatchByDate": by.isoformat(timespec="milliseconds")}


def _part(item: Json, units: int, of_them: int) -> Json:
    prices = cast("dict[str, float]", item["priceComponents"])
    share = {name: round(prices[name] * of_them / units, 2) for name in _AMOUNTS if name in prices}
    return {**item, "quantity": of_them, "priceComponents": prices | share}
