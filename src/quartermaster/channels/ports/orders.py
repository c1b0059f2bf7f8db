"""Orders of a shop that changed, and parcels it is told of."""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from quartermaster.core.outside import Account


class Change(Struct, frozen=True):
    """An order as the shop has it now, as one of its own webhooks would bring it: topic and body."""

    topic: str
    body: bytes


class Changes(Struct, frozen=True):
    """Orders that changed, the oldest change first. `cursor` asks for those that follow; `up_to` is the
    moment, by the shop's clock, before which nothing is left to fetch: None while there is more. `again_at`:
    those that follow are not there sooner, because the shop is still gathering them; `note` says so."""

    orders: tuple[Change, ...]
    cursor: str
    up_to: datetime | None = None
    again_at: datetime | None = None
    note: str = ""


class ShippedLine(Struct, frozen=True):
    """Units of a line, by the shop's own name for the line."""

    line: str
    code: str
    quantity: int


class Shipment(Struct, frozen=True):
    """A parcel that left. `reference` is ours, P-12: what makes telling happen once.

    lines: what is whole with this parcel; a kit counts with the parcel that completes it. `is_last`: nothing
    of the order is left to ship. `tracking_url` may be "".
    """

    reference: str
    order: str  # the shop's own id
    lines: tuple[ShippedLine, ...]
    carrier: str
    tracking_number: str
    tracking_url: str
    shipped_at: datetime
    is_last: bool
    tells_buyer: bool = True


class Told(Struct, frozen=True):
    """The shop knows of a parcel. `theirs`: its own name for it, "" where it has none."""

    theirs: str = ""


class Channel(Protocol):
    """A shop that can be asked, and told."""

    def changes(self, *, account: Account, since: datetime, cursor: str) -> Changes:
        """Orders changed since, in pages: "" asks for the first, then the cursor of the page before. An order
        that changes while it is read may come twice, and is never left out. Raises NotDone."""
        ...

    def confirm_shipment(self, *, account: Account, shipment: Shipment) -> Told:
        """Tell of a parcel, once for each reference: the same again tells nobody anew. Raises Missing (no
        such order), Conflict or Invalid (they will not have it), NotDone, Unclear."""
        ...

    def find_shipment(self, *, account: Account, shipment: Shipment) -> Told | None:
        """What the shop knows of this parcel; None when it surely knows nothing, or not all of it. Changes
        nothing. Raises NotDone or Unclear when it cannot be asked."""
        ...
