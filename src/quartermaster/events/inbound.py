"""What happens at the dock: places are laid out, goods are expected, received, put away and sent on."""

from datetime import date
from typing import ClassVar

from quartermaster.core.events import Event


class BinsLaid(Event, frozen=True, kw_only=True):
    """Bins of a site were made, or are something else now."""

    kind: ClassVar[str] = "location"
    location: str
    bins: int


class FloorPlanned(Event, frozen=True, kw_only=True):
    """Where a site's cross aisles lie, and where walks begin, is known or has changed."""

    kind: ClassVar[str] = "location"
    location: str


class ArrivalExpected(Event, frozen=True, kw_only=True):
    """Goods are expected at a site, or have come without a word."""

    kind: ClassVar[str] = "arrival"
    arrival_id: int
    location: str
    supplier: str
    units: int


class GoodsReceived(Event, frozen=True, kw_only=True):
    """Units were scanned at the dock. They are promised to nobody before they are put away."""

    kind: ClassVar[str] = "arrival"
    arrival_id: int
    receipt_id: int
    sku: str
    units: int
    damaged: int
    to_check: int
    place: str
    because: str


class UnitsInspected(Event, frozen=True, kw_only=True):
    """Of the units to be looked at, some are good and some are not."""

    kind: ClassVar[str] = "arrival"
    arrival_id: int
    receipt_id: int
    sku: str
    passed: int
    failed: int
    because: str


class ArrivalClosed(Event, frozen=True, kw_only=True):
    """All that came was scanned. short and over: units against what was expected."""

    kind: ClassVar[str] = "arrival"
    arrival_id: int
    location: str
    received: int
    short: int
    over: int
    damaged: int
    because: str


class ArrivalAmended(Event, frozen=True, kw_only=True):
    """Another number of units is expected, or on another day."""

    kind: ClassVar[str] = "arrival"
    arrival_id: int
    location: str
    units: int
    expected_on: date | None
    because: str


class ArrivalCancelled(Event, frozen=True, kw_only=True):
    """What was expected does not come."""

    kind: ClassVar[str] = "arrival"
    arrival_id: int
    location: str
    because: str


class UnitsPutAway(Event, frozen=True, kw_only=True):
    """Units went from the dock to a place. override_because: why not where the rules said."""

    kind: ClassVar[str] = "location"
    location: str
    sku: str
    units: int
    place: str
    because: str
    override_because: str


class PutAwayRulesChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "put_away_rules"
    version: int
    because: str


class TransferMade(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "transfer"
    transfer_id: int
    source_site: str
    target_site: str
    units: int
    because: str


class TransferShipped(Event, frozen=True, kw_only=True):
    """The units have left their site and lie at no other: they are under way."""

    kind: ClassVar[str] = "transfer"
    transfer_id: int
    units: int


class TransferReceived(Event, frozen=True, kw_only=True):
    """lost: units that left and did not come; they are written off."""

    kind: ClassVar[str] = "transfer"
    transfer_id: int
    lost: int


class TransferCancelled(Event, frozen=True, kw_only=True):
    """What had left lies at its site's dock again."""

    kind: ClassVar[str] = "transfer"
    transfer_id: int
    because: str


class UnitsMoved(Event, frozen=True, kw_only=True):
    """Units went from one bin to another of the same site."""

    kind: ClassVar[str] = "location"
    location: str
    sku: str
    units: int
    source_place: str
    place: str
    because: str
