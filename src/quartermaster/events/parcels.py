"""A parcel on the packing bench: closed, opened again, given up."""

from typing import ClassVar

from quartermaster.core.events import Event


class ParcelPacked(Event, frozen=True, kw_only=True):
    """A parcel was closed with everything in it scanned."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    location: str


class ParcelOpened(Event, frozen=True, kw_only=True):
    """A closed parcel was opened again; what was in it is picked, not packed."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    because: str


class ParcelGivenUp(Event, frozen=True, kw_only=True):
    """An open parcel is over: nothing is in it, and nothing waits for it."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    because: str
