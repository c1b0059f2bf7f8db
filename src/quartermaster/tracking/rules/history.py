"""Deliveries of the past, told to us."""

from datetime import datetime

from msgspec import Struct


class PastDelivery(Struct, frozen=True, kw_only=True):
    """When a parcel arrived. Named by its order's external id and its own; external_id "": every parcel of
    the order."""

    order: str
    at: datetime
    external_id: str = ""
    place: str = ""
    message: str = ""
