"""What shipping needs of a carrier. Every adapter passes quartermaster.testing.conformance.carriers.

Each call ends within 20 seconds. What went wrong is said by one of three errors; any other exception counts
as `Unclear`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct

from quartermaster.core.outside import Account, NotDone, RefusedOutside, Unclear
from quartermaster.orders.ports import Address

# What went wrong, by what has to be done next; the finer ones are in core.outside.
__all__ = [
    "Account",
    "Booked",
    "Bought",
    "Capability",
    "Carrier",
    "Checked",
    "ChecksAddresses",
    "KeepsRates",
    "ManifestWanted",
    "Manifested",
    "NotDone",
    "Offer",
    "PicksUp",
    "PickupWanted",
    "RefusedByCarrier",
    "SellsReturns",
    "Settles",
    "Shipment",
    "ShopLabels",
    "Sold",
    "TakesManifests",
    "Unclear",
    "Wanted",
    "Within",
    "capabilities",
]
RefusedByCarrier = RefusedOutside


class Shipment(Struct, frozen=True):
    """A parcel as a carrier sees it. Grams and millimetres; None: not known.

    `ready_at` is the moment it is ready, with the site's own offset: its date and time are the site's. The
    `closed` days are holidays there, from that day on; of the site also days it does not work. site_week: its
    ISO weekdays, "" where nobody set them. site_cutoffs: "carrier" or "carrier/product" -> HH:MM of that day.
    channel: the connection whose shop ships it itself, and the order's name there; then the address may be
    empty. "" for all others. is_second: of such an order there is an earlier parcel.
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
    is_return: bool = False  # from the receiver back to the site; only SellsReturns is asked
    is_paid_on_scan: bool = False  # a return that costs nothing until the carrier has it
    site_week: str = ""
    site_open_on: tuple[date, ...] = ()
    site_cutoffs: dict[str, str] = {}
    tags: tuple[str, ...] = ()  # of its order
    needs_signature: bool = False
    is_insured: bool = False  # for value_minor
    channel: str = ""
    channel_order: str = ""
    is_second: bool = False

    def cutoff_of(self, carrier: str, service: str) -> str:
        """Until when the site gives this product to its carrier; "" where the site does not say."""
        return self.site_cutoffs.get(f"{carrier}/{service}") or self.site_cutoffs.get(carrier, "")


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


class ShopLabels(Protocol):
    """A shop that ships what it sold with labels of its own, one for each order. Nobody else is asked."""

    def label(self, *, account: Account, shipment: Shipment) -> Bought:
        """Its label for `shipment.channel_order`: made when there is none, and the same ever after. Raises
        RefusedByCarrier, NotDone (also: it is still being made), Unclear."""
        ...

    def find_label(self, *, account: Account, order: str) -> Bought | None:
        """Its label for an order, when there is one. Changes nothing. Raises NotDone or Unclear when it
        cannot be asked."""
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


class Sold(Struct, frozen=True):
    """A label the carrier has sold us, as it is named to it."""

    reference: str
    tracking_number: str
    carrier_ref: str


class ManifestWanted(Struct, frozen=True):
    """The labels of one account that leave a site together. `reference` is ours: M-7."""

    reference: str
    ship_on: date
    labels: tuple[Sold, ...]


class Manifested(Struct, frozen=True):
    """A list as the carrier has it. `labels`: the carrier's names of those on it. `paper`: a PDF for the
    driver, where it gives one."""

    carrier_ref: str
    labels: tuple[str, ...]
    paper: bytes | None = None


@runtime_checkable
class TakesManifests(Carrier, Protocol):
    """A carrier that wants to be told at the end of the day what it was given."""

    def manifest(self, *, account: Account, wanted: ManifestWanted) -> Manifested:
        """Tell it; once: labels that are on a list there are not put on another. Raises RefusedByCarrier,
        NotDone, Unclear."""
        ...

    def find_manifest(self, *, account: Account, wanted: ManifestWanted) -> Manifested | None:
        """The list that holds these labels; None when there is none. Raises NotDone or Unclear."""
        ...


class PickupWanted(Struct, frozen=True):
    """A van that is to come to a site between two moments. `reference` is ours: PU-7."""

    reference: str
    starts_at: datetime
    ends_at: datetime
    labels: tuple[Sold, ...]
    note: str = ""


class Booked(Struct, frozen=True):
    """A pickup as the carrier has it. `confirmation`: the number its driver knows."""

    carrier_ref: str
    confirmation: str = ""


@runtime_checkable
class PicksUp(Carrier, Protocol):
    """A carrier that comes when it is called."""

    def book_pickup(self, *, account: Account, wanted: PickupWanted) -> Booked:
        """Call it, once for these labels. Raises RefusedByCarrier, NotDone, Unclear."""
        ...

    def find_pickup(self, *, account: Account, wanted: PickupWanted) -> Booked | None:
        """The pickup of these labels that is not cancelled. Raises NotDone or Unclear."""
        ...

    def cancel_pickup(self, *, account: Account, carrier_ref: str) -> None:
        """It need not come. Cancelled before stays cancelled. Raises RefusedByCarrier, NotDone, Unclear."""
        ...


@runtime_checkable
class SellsReturns(Carrier, Protocol):
    """A carrier that takes shipments with `is_return`: rated, bought, found and given back like others."""

    @property
    def returns_on_scan(self) -> bool:
        """Can a return cost nothing until it is scanned?"""
        ...


class Checked(Struct, frozen=True):
    """What a carrier says about an address: "good", "doubtful" or "bad", why, and what it would write."""

    verdict: str
    because: tuple[str, ...] = ()
    suggested: Address | None = None


@runtime_checkable
class ChecksAddresses(Carrier, Protocol):
    """A carrier that knows which addresses there are."""

    def check_address(self, *, account: Account, address: Address) -> Checked:
        """Changes nothing. Raises NotDone or Unclear when it cannot be asked."""
        ...


class Capability(Struct, frozen=True):
    """Something not every carrier offers. `port`: what it then fulfils."""

    name: str
    title: str
    port: type


CAPABILITIES = (
    Capability("manifests", "End-of-day manifests", TakesManifests),
    Capability("pickups", "Pickups", PicksUp),
    Capability("returns", "Return labels", SellsReturns),
    Capability("addresses", "Address checks", ChecksAddresses),
)


def capabilities(carrier: Carrier) -> frozenset[str]:
    """The names of what it offers beyond rates and labels."""
    return frozenset(each.name for each in CAPABILITIES if isinstance(carrier, each.port))
