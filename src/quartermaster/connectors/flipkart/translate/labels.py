"""What Flipkart is told to make a label, and what it says about one. Pure."""

from collections.abc import Mapping

from quartermaster.connectors.picked import objects, text
from quartermaster.shipping.ports import Shipment

type Json = Mapping[str, object]


def body(theirs: Json, parcel: Shipment, location: str) -> dict[str, object]:
    """With its size in centimetres and its weight in kilograms, where all of it is known."""
    wanted: dict[str, object] = {
        "shipmentId": parcel.channel_order,
        "locationId": text(theirs.get("locationId")) or location,
    }
    inside = [text(one.get("subShipmentId")) for one in objects(theirs.get("subShipments"))]
    size = _size(parcel)
    if size and len(inside) == 1 and inside[0]:
        wanted["subShipments"] = [{"subShipmentId": inside[0], "dimensions": size}]
    return {"shipments": [wanted]}


def _size(parcel: Shipment) -> dict[str, float] | None:
    if not (parcel.length_mm and parcel.width_mm and parcel.height_mm and parcel.weight_g):
        return None
    return {
        "length": parcel.length_mm / 10,
        "breadth": parcel.width_mm / 10,
        "height": parcel.height_mm / 10,
        "weight": parcel.weight_g / 1000,
    }


def tracking_number(details: Json) -> str:
    """The first its couriers have; "" when none has one yet."""
    for one in objects(details.get("shipments")):
        for part in (one, *objects(one.get("subShipments"))):
            couriers = part.get("courierDetails")
            legs = couriers if isinstance(couriers, dict) else {}
            for leg in (legs.get("pickupDetails"), legs.get("deliveryDetails"), legs):
                if isinstance(leg, dict) and leg.get("trackingId"):
                    return text(leg["trackingId"])
    return ""
