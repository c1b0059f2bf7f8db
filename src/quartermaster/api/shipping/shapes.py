"""What the API says about parcels and their labels."""

from datetime import date, datetime
from typing import Any

from quartermaster.api.shapes import Money, Shape


class LookedAt(Shape):
    """A service that was looked at. removed: why it cannot take the parcel; score: cost and what its lateness
    counts, in minor units."""

    carrier: str
    service: str
    title: str
    cost: Money | None
    arrives_on: date | None
    late_days: int
    score: int | None
    removed: str
    because: list[str]
    is_chosen: bool


class Choice(Shape):
    """Best first. dearer_next_minor: what the next one would have counted more."""

    because: list[str]
    dearer_next_minor: int | None
    candidates: list[LookedAt]


class Label(Shape):
    """state: queued, unknown (no clear answer yet), bought, refused, voiding, voided, stranded (paid, and the
    carrier does not take it back)."""

    reference: str
    state: str
    carrier: str
    service: str
    tracking_number: str
    cost: Money | None
    because: str
    asked_at: datetime
    bought_at: datetime | None
    voided_at: datetime | None
    manifest: str | None
    decision: Choice | None


class PackedItem(Shape):
    sku: str
    title: str
    quantity: int
    lot: str
    serial: str


class LabelParcel(Shape):
    """state: packing, packed, labelled, handed_over, cancelled. labels: all that were ever asked, the newest
    first."""

    number: str
    order: str
    state: str
    location: str
    carrier: str
    service: str
    tracking_number: str
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    promised_on: date | None
    ship_by: datetime | None
    packed_at: datetime | None
    handed_over_at: datetime | None
    items: list[PackedItem]
    labels: list[Label]


class ParcelRow(Shape):
    """label: state of its newest label, empty when none was asked for; because: why it stands there."""

    number: str
    order: str
    state: str
    location: str
    carrier: str
    service: str
    tracking_number: str
    packed_at: datetime | None
    ship_by: datetime | None
    label: str
    because: str
    manifest: str | None


class ParcelProblem(Shape):
    parcel: str
    because: str


def money(minor: int | None, currency: str) -> dict[str, Any] | None:
    """An amount as `Money` reads it; None where there is none, or its currency is not known."""
    return None if minor is None or not currency else {"minor": minor, "currency": currency}
