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


class PastMoments(Struct, frozen=True, kw_only=True):
    """When the parcels of an order left and arrived. One is named by its external id or by its tracking
    number; with neither it is all of the order's."""

    order: str = ""
    external_id: str = ""
    tracking_number: str = ""
    handed_over_at: datetime | None = None
    delivered_at: datetime | None = None
    place: str = ""
    message: str = ""

    @property
    def is_told(self) -> bool:
        return self.handed_over_at is not None or self.delivered_at is not None
