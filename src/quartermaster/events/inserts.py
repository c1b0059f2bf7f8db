"""Facts about what goes into a parcel beside what was ordered, and what it looked like."""

from typing import ClassVar

from quartermaster.core.events import Event


class InsertLeftOut(Event, frozen=True, kw_only=True):
    """A parcel was closed without an insert that is an article."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    inserts: tuple[str, ...]
    because: str


class InsertsBooked(Event, frozen=True, kw_only=True):
    """Inserts that are articles left the stock with a parcel. short: no unit of these was free; the parcel
    was closed all the same, and the stock says one more than lies there if they are in it."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    skus: tuple[str, ...]
    short: tuple[str, ...]


class ParcelPhotographed(Event, frozen=True, kw_only=True):
    """A photo of a parcel was kept. state: where the parcel was then."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    photo_id: int
    state: str


class PhotoLeftOut(Event, frozen=True, kw_only=True):
    """A parcel was closed without the photo that the packaging asks for. wanted: why it does."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    wanted: str
    because: str
