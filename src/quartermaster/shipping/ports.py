"""What shipping needs of a carrier. Every adapter passes quartermaster.testing.conformance.carriers.

Each call ends within 20 seconds. What went wrong is said by one of three errors; any other exception counts
as `Unclear`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct

from quartermaster.core.outside import NotDone, RefusedOutside, Unclear
from quartermaster.orders.ports import Address

# What went wrong, by what has to be done next; the finer ones are in core.outside.
__all__ = [
    "Account",
    "Bought",
    "Carrier",
    "KeepsRates",
    "NotDone",
    "Offer",
    "RefusedByCarrier",
    "Settles",
    "Shipment",
    "Unclear",
    "Wanted",
    "Within",
]
RefusedByCarrier = RefusedOutside


class Account(Struct, frozen=True):
    """With which account a carrier is asked: a connection and its opened settings. Never shown or logged."""

    slug: str
    settings: Mapping[str, str] = {}


class Shipment(Struct, frozen=True):
    """A parcel as a carrier sees it. Grams and millimetres; None: not known.

    `ready_at` is the moment it is ready, with the site's own offset: its date and time are the site's. The
    `closed` days are holidays there, from that day on.
    """

    parcel: str
    site: str
    country: str
    region: str
    postcode: str
    ready_at: datetime
    receiver: Address
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    is_hazmat: bool = False
    promised_on: date | None = None
    value_minor: int | None = None  # what the customer pays for what is in it
    value_currency: str = ""
    site_closed_on: tuple[date, ...] = ()
    receiver_closed_on: tuple[date, ...] = ()


class Offer(Struct, frozen=True):
    """One service, rated. `removed` says why it cannot take the parcel; then cost and days may be None.

    `because` are the parts of the price and of the dates, a sentence each. Days are those of the site
    (leaves) and of the receiver (arrives). `tables`: the version of the rate tables it was read from. `ref`:
    what the carrier calls this offer, or its account; told to it when the label is bought.
    """

    carrier: str
    service: str
    title: str
    account: str
    cost_minor: int | None = None
    currency: str = ""
    leaves_on: date | None = None
    arrives_on: date | None = None
    because: tuple[str, ...] = ()
    removed: str = ""
    tables: int = 0
    ref: str = ""


class Wanted(Struct, frozen=True):
    """A label to buy. `reference` is ours, and what makes the purchase happen once."""

    reference: str
    carrier: str
    service: str
    shipment: Shipment
    cost_minor: int | None = None  # as it was offered
    currency: str = ""
    ref: str = ""  # of the offer


class Bought(Struct, frozen=True):
    """A label as the carrier knows it. Without `pdf` and `zpl` we print it ourselves. `carrier_ref`: its own
    name for the label, by which it is put on manifests, picked up and given back."""

    reference: str
    tracking_number: str
    cost_minor: int | None
    currency: str
    pdf: bytes | None = None
    zpl: str = ""
    is_void: bool = False
    carrier_ref: str = ""


class Carrier(Protocol):
    """A carrier, or somebody who sells the labels of several. `rate` may be called in a thread of its own."""

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        """Every service there is, also those that cannot take it. Changes nothing: may be asked at any time.

        Raises NotDone or Unclear when it cannot be asked; the others are asked all the same."""
        ...

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        """Buy a label, once for each reference: the same again returns the same label and charges nothing,
        even when it is void by now. Raises RefusedByCarrier, NotDone, Unclear."""
        ...

    def find(self, *, account: Account, reference: str, ref: str = "") -> Bought | None:
        """The label bought under our reference, void or not; None when the carrier knows of none. Changes
        nothing. `ref`: of the offer it was bought from. Raises NotDone or Unclear when it cannot be asked."""
        ...

    def void(
        self,
        *,
        account: Account,
        reference: str,
        tracking_number: str,
        ref: str = "",
        carrier_ref: str = "",
    ) -> None:
        """Give a label back; with the account that bought it. A label that is void already stays void.
        `carrier_ref`: as the purchase told it; without it the label is looked up by our reference.

        Raises RefusedByCarrier (too late, or no such label), NotDone, Unclear."""
        ...


@runtime_checkable
class KeepsRates(Carrier, Protocol):
    """A carrier whose offers hold for a while, and for every parcel like the one they were given for."""

    @property
    def rates_kept_s(self) -> int: ...


@runtime_checkable
class Settles(Carrier, Protocol):
    """A carrier that keeps two purchases under one reference. When an answer is lost, that it knows of no
    label counts only after `settles_s` seconds: until then the first purchase may still appear."""

    @property
    def settles_s(self) -> int: ...


@runtime_checkable
class Within(Carrier, Protocol):
    """A carrier that answers from our own database: it is asked for many at once, inside the transaction that
    keeps its answers, in a constant number of statements. It never raises NotDone or Unclear."""

    def rate_all(self, *, account: Account, shipments: Sequence[Shipment]) -> list[tuple[Offer, ...]]:
        """`rate` for each of them, in their order."""
        ...

    def buy_all(self, *, account: Account, wanted: Sequence[Wanted]) -> list[Bought | RefusedByCarrier]:
        """`buy` for each of them, in their order; a refusal is returned, the others are bought."""
        ...
