"""What the receiver of an order is told, in a sentence."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import quote

from quartermaster.console.tracked.queries import Parcel, Waited

# Where carriers show a parcel to everybody, by their names in small letters. One that is not here has no
# link. Read on the carriers' own pages, 2026-11-23.
CARRIERS: Mapping[str, str] = {
    "ups": "https://www.ups.com/track?tracknum={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
}
SCANS: Mapping[str, str] = {
    "accepted": "The carrier has it",
    "in_transit": "On its way",
    "out_for_delivery": "Out for delivery",
    "available_for_pickup": "Waiting to be collected",
    "exception": "Something is in the way",
    "return_to_sender": "On its way back to us",
    "delivered": "Delivered",
}
_ORDER: Final = {
    "cancelled": "This order was cancelled.",
    "returned": "This order came back to us.",
    "delivered": "Your order has arrived.",
}


def sentence(order: Waited, *, today: date) -> str:
    """How far the order is. A day that is over is not promised again."""
    if order.status in _ORDER:
        return _ORDER[order.status]
    parcels = order.parcels
    arrived = sum(parcel.delivered_at is not None for parcel in parcels)
    if parcels and arrived == len(parcels) and order.status == "shipped":
        return _ORDER["delivered"]
    if any(parcel.status == "available_for_pickup" for parcel in parcels):
        return "A parcel is waiting for you to be collected."
    if any(parcel.status == "return_to_sender" for parcel in parcels):
        return "A parcel could not be delivered and is on its way back to us."
    if any(parcel.status == "exception" for parcel in parcels):
        return "The carrier could not deliver a parcel yet. We can see it too."
    when = _when(order.promised_on, today)
    if not parcels:
        return f"We are preparing your order.{when}"
    if arrived:
        return f"{arrived} of {len(parcels)} parcels have arrived; the others are on their way.{when}"
    many = "Your parcel is" if len(parcels) == 1 else f"Your {len(parcels)} parcels are"
    return f"{many} on the way.{when}"


def state(parcel: Parcel) -> str:
    return SCANS.get(parcel.status, "Handed to the carrier")


def link(parcel: Parcel) -> str:
    """Where the carrier shows it; "" when that is not known."""
    known = CARRIERS.get(parcel.carrier.lower(), "")
    return known.format(quote(parcel.tracking_number, safe="")) if parcel.tracking_number else ""


def day(on: date) -> str:
    return f"{on:%A}, {on.day} {on:%B}"


def _when(promised_on: date | None, today: date) -> str:
    if promised_on is None:
        return ""
    if promised_on < today:
        return f" It was promised for {day(promised_on)}: we are sorry that it is late."
    return f" It should arrive by {day(promised_on)}."
