"""What happens on the floor and on the road: picked, packed, labelled, handed over, delivered."""

from datetime import datetime
from typing import ClassVar

from quartermaster.core.events import Event


class PickListMade(Event, frozen=True, kw_only=True):
    """Released work went to the floor as one list, in the order of the path."""

    kind: ClassVar[str] = "pick_list"
    pick_list_id: int
    location: str
    order_ids: tuple[int, ...]


class UnitsPicked(Event, frozen=True, kw_only=True):
    """Units left their bin for a tote. A part of a kit counts as its own SKU here."""

    kind: ClassVar[str] = "order"
    order_id: int
    pick_list_id: int
    sku: str
    units: int
    place: str


class PickedShort(Event, frozen=True, kw_only=True):
    """Fewer units lay there than the ledger said."""

    kind: ClassVar[str] = "order"
    order_id: int
    pick_list_id: int
    sku: str
    missing: int
    place: str
    because: str  # what is done about it


class PickCancelled(Event, frozen=True, kw_only=True):
    """Units on a pick list are not to be picked any more."""

    kind: ClassVar[str] = "order"
    order_id: int
    pick_list_id: int
    units: int
    because: str


class PutBackWanted(Event, frozen=True, kw_only=True):
    """Picked units that nobody wants any more are to be carried back."""

    kind: ClassVar[str] = "order"
    order_id: int
    sku: str
    units: int
    because: str


class UnitsPutBack(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    sku: str
    units: int
    place: str


class CountWanted(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "count"
    count_task_id: int
    sku: str
    place: str
    because: str


class CountEntered(Event, frozen=True, kw_only=True):
    """A person has counted a bin. `step`: recount, approval or done."""

    kind: ClassVar[str] = "count"
    count_task_id: int
    sku: str
    place: str
    counted: int
    step: str
    because: str


class CountDone(Event, frozen=True, kw_only=True):
    """A count is settled, and the ledger follows it."""

    kind: ClassVar[str] = "count"
    count_task_id: int
    sku: str
    place: str
    counted: int
    difference: int  # units that came into the ledger by it; negative: were written off


class RefillWanted(Event, frozen=True, kw_only=True):
    """A pick face is to be filled from where units are kept."""

    kind: ClassVar[str] = "refill"
    refill_id: int
    sku: str
    units: int
    source: str
    target: str
    because: str


class RefillDone(Event, frozen=True, kw_only=True):
    """Units lie in the pick face; `units` fewer than wanted, or none, when the task was given up."""

    kind: ClassVar[str] = "refill"
    refill_id: int
    sku: str
    units: int
    target: str
    because: str


class PickFaceChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "place"
    place: str
    sku: str
    units_min: int
    units_max: int  # 0: it is no pick face of the SKU any more


class CountCycleChanged(Event, frozen=True, kw_only=True):
    """How often bins are counted, what differences are believed, what a lead approves."""

    kind: ClassVar[str] = "floor"
    changed: dict[str, tuple[object, object]]


class LabelChosen(Event, frozen=True, kw_only=True):
    """A person chose the service of a parcel over the rules."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    carrier: str
    service: str
    because: str


class LabelBought(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    label_id: int
    carrier: str
    service: str
    tracking_number: str
    cost_minor: int
    currency: str


class LabelRefused(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    label_id: int
    because: str


class LabelPrinted(Event, frozen=True, kw_only=True):
    """For the first time; a label that is bought anew is another one."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    label_id: int


class LabelVoided(Event, frozen=True, kw_only=True):
    """The carrier took a label back."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    label_id: int
    because: str


class LabelStranded(Event, frozen=True, kw_only=True):
    """The carrier does not take a label back that no parcel has: it is paid for nothing."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    label_id: int
    because: str


class ParcelTakenOff(Event, frozen=True, kw_only=True):
    """A parcel that had been scanned out does not leave: it is to be taken from the carrier's cage."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    manifest_id: int
    because: str


class ParcelHandedOver(Event, frozen=True, kw_only=True):
    """The carrier has it: the units have left our stock."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    carrier: str
    tracking_number: str


class ManifestClosed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "manifest"
    manifest_id: int
    carrier: str
    location: str
    parcels: int


class CarrierPaused(Event, frozen=True, kw_only=True):
    """From now on a carrier is offered nothing. With `moves_labels`, what is in the house goes to others."""

    kind: ClassVar[str] = "carrier"
    carrier: str
    because: str
    moves_labels: bool
    ends_at: datetime | None = None


class CarrierResumed(Event, frozen=True, kw_only=True):
    """`labels` went to others meanwhile, `dearer_minor` more together; `late` of them come late by it."""

    kind: ClassVar[str] = "carrier"
    carrier: str
    labels: int
    dearer_minor: int
    currency: str
    late: int


class InvoiceTold(Event, frozen=True, kw_only=True):
    """Charges of a carrier's invoice were brought in."""

    kind: ClassVar[str] = "invoice"
    invoice_id: int


class InvoiceAudited(Event, frozen=True, kw_only=True):
    """A carrier's invoice was compared with what we know: `findings` are to be claimed."""

    kind: ClassVar[str] = "invoice"
    invoice_id: int
    shipments: int
    findings: int


class ClaimRaised(Event, frozen=True, kw_only=True):
    """We want money back from a carrier."""

    kind: ClassVar[str] = "claim"
    claim_id: int
    carrier: str
    tracking_number: str
    wants: str
    amount_minor: int
    currency: str
    because: str


class ClaimMoved(Event, frozen=True, kw_only=True):
    """A claim was sent, credited, rejected, dropped or opened again."""

    kind: ClassVar[str] = "claim"
    claim_id: int
    state: str
    because: str
    credited_minor: int | None = None


class TargetsChanged(Event, frozen=True, kw_only=True):
    """How long the floor may take."""

    kind: ClassVar[str] = "targets"
    version: int
    because: str


class TimerBreached(Event, frozen=True, kw_only=True):
    """A part of an order took longer than it may. stage: pick, pack or dispatch."""

    kind: ClassVar[str] = "order"
    order_id: int
    allocation_id: int
    stage: str
    due_at: datetime
    because: str


class PackagingChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "packaging"
    version: int
    because: str


class CartonOverridden(Event, frozen=True, kw_only=True):
    """A packer took another carton than the ones suggested."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    planned: tuple[str, ...]
    taken: str
    because: str


class PackedUnscanned(Event, frozen=True, kw_only=True):
    """What was picked went into a parcel without a scan of each unit, on somebody's word."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    units: int
    because: str


class WeightAccepted(Event, frozen=True, kw_only=True):
    """A parcel was closed although the scale says something else than its units and its carton weigh."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    expected_g: int
    measured_g: int
    because: str


class RatesChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "rates"
    version: int
    because: str


class ParcelScanned(Event, frozen=True, kw_only=True):
    """What is known of a parcel under way has changed."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    status: str


class ParcelDelivered(Event, frozen=True, kw_only=True):
    """`at` is the moment of delivery, as the carrier tells it."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int


class ParcelUndelivered(Event, frozen=True, kw_only=True):
    """A carrier took its word back: what was delivered is not."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    status: str
