"""What we need of a warehouse of others. Every adapter passes quartermaster.testing.conformance.outside.

Each call ends within 20 seconds. What went wrong is said by the errors of `core.outside`; any other exception
counts as Unclear.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from quartermaster.core.outside import Account
from quartermaster.orders.ports import Address


class Item(Struct, frozen=True):
    """Units of one SKU, as we call it. Of a kit: its parts. is_damaged: of a receipt, when they came so."""

    sku: str
    quantity: int
    lot: str = ""
    serial: str = ""
    is_damaged: bool = False


class Order(Struct, frozen=True):
    """What a site is to ship. `reference` is ours, and what makes sending happen once: no longer than 30
    characters, letters, digits and -."""

    reference: str
    number: str  # the order: SO-1042
    site: str
    receiver: Address
    items: tuple[Item, ...]
    ship_by: datetime | None = None
    promised_on: date | None = None


class State(StrEnum):
    """How far they are."""

    HANDED = "handed"  # it lies where they fetch it from; they have said nothing yet
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"  # all they will ever ship of it has left


class Shipment(Struct, frozen=True):
    """A parcel that left there. `reference` is theirs, one for each parcel of an order."""

    reference: str
    shipped_at: datetime
    items: tuple[Item, ...]
    carrier: str = ""
    tracking_number: str = ""


class Standing(Struct, frozen=True):
    """All they say about one of our orders. `shipments`: those so far, whatever the state; the same ones may
    be told any number of times."""

    reference: str
    state: State
    theirs: str = ""  # their own number for it
    because: str = ""
    shipments: tuple[Shipment, ...] = ()


class Snapshot(Struct, frozen=True):
    """Units they have of each SKU, those kept for orders that have not left included; what is not named they
    did not count. `reference` tells one report from the next."""

    reference: str
    taken_at: datetime
    on_hand: Mapping[str, int]


class Receipt(Struct, frozen=True):
    """Units that came in there. notice: our reference of what had been announced, where they name it."""

    reference: str
    received_at: datetime
    items: tuple[Item, ...]
    because: str = ""
    notice: str = ""


class Notice(Struct, frozen=True):
    """What will come in there. `reference` is ours, as short as that of an order, and stays; `revision`
    counts from 1, and a higher one replaces what was told before. number: the arrival, IN-17. kind: transfer,
    po or asn; sender: the site or supplier it comes from, document: its number there (TR-5, PO-77). Items
    have a lot where it is known."""

    reference: str
    revision: int
    number: str
    kind: str
    site: str
    sender: str
    document: str
    items: tuple[Item, ...]
    expected_on: date | None = None


class Noticed(Struct, frozen=True):
    """What they say of a notice, or know of it: HANDED, ACKNOWLEDGED, REFUSED or CANCELLED (they do not
    expect it any more). revision: the one they speak of, 0 where they do not tell."""

    reference: str
    state: State
    revision: int = 0
    theirs: str = ""
    because: str = ""


class Unread(Struct, frozen=True):
    """Something they said that cannot be understood. It stays where it is for a person to look at."""

    what: str
    because: str


class News(Struct, frozen=True):
    """What they say now. `heard`: did they really speak (an answer, a new file), or was nobody there?"""

    standings: tuple[Standing, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    unread: tuple[Unread, ...] = ()
    notices: tuple[Noticed, ...] = ()
    cursor: str = ""
    heard: bool = True


class Capability(StrEnum):
    """What a system can do beyond sending and telling what left."""

    CANCEL = "cancel"
    SNAPSHOT = "snapshot"
    RECEIPTS = "receipts"


class Warehouse(Protocol):
    """A warehouse of others, by the system it runs on."""

    capabilities: frozenset[Capability]

    def send(self, *, account: Account, order: Order) -> Standing:
        """Ask them to ship it, once for each reference: the same again makes no second order. Raises Invalid
        (they will never take it), NotDone, Unclear."""
        ...

    def find(self, *, account: Account, reference: str) -> Standing | None:
        """What they know of it; None when they know of no such order. Changes nothing. Raises
        NotDone or Unclear when they cannot be asked."""
        ...

    def cancel(self, *, account: Account, reference: str, because: str) -> Standing:
        """Ask them not to ship it. CANCELLED: they will not. ACKNOWLEDGED or HANDED: they were asked and will
        tell. Once cancelled, the same again changes nothing. Raises Conflict (too late, or they never cancel:
        they go on), Missing, NotDone, Unclear."""
        ...

    def news(self, *, account: Account, references: Sequence[str], cursor: str) -> News:
        """What they have to say: of these open orders, and receipts since the cursor (one an earlier answer
        gave, "" at first). The same again until `thank`. Raises NotDone, Unclear."""
        ...

    def thank(self, *, account: Account, news: News) -> None:
        """Everything in this answer is kept: it need not be told again. The same again does nothing."""
        ...

    def snapshot(self, *, account: Account, skus: Sequence[str] = ()) -> Snapshot | None:
        """Their stock now; None where it cannot be asked for. `skus`: those we think they have, for systems
        that only answer about what they are asked for. Raises NotDone, Unclear."""
        ...


class Notices(Protocol):
    """A warehouse of others that can be told what will come in. Not every one can: a plug offers this beside
    Warehouse, or does not. Passes quartermaster.testing.conformance.notices."""

    def announce(self, *, account: Account, notice: Notice) -> Noticed:
        """They expect it from now on, as this revision says, once for each reference: the same again changes
        nothing, a higher revision replaces the one before. Raises Conflict (they have begun to receive it),
        Invalid (they will never take it), NotDone, Unclear."""
        ...

    def noticed(self, *, account: Account, reference: str) -> Noticed | None:
        """What they know of it; None when they know of no such notice. Changes nothing. Raises NotDone,
        Unclear."""
        ...

    def withdraw(self, *, account: Account, reference: str, because: str) -> Noticed:
        """It does not come. CANCELLED, or HANDED: they were told. The same again changes nothing. Raises
        Missing, Conflict (they have begun to receive it), NotDone, Unclear."""
        ...
