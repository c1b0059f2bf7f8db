"""What shops are told, and whether they are told at all."""

from typing import ClassVar

from quartermaster.core.events import Event
from quartermaster.events.accepted import Changed


class ChannelSwitched(Event, frozen=True, kw_only=True):
    """A shop is told what happens from now on, or only read; or how it is told has changed."""

    kind: ClassVar[str] = "connection"
    connection: str
    changed: Changed


class ShipmentTold(Event, frozen=True, kw_only=True):
    """The shop knows that a parcel left."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    connection: str
    theirs: str


class ShipmentRefused(Event, frozen=True, kw_only=True):
    """The shop will not know of a parcel: a person has to look."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    connection: str
    because: str
