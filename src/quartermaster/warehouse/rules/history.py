"""Parcels of the past: packed elsewhere, told to us."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

WHOLE_ORDER: Final = "all"  # the parcel of an order whose history knows a delivery and no parcels


class PastParcel(Struct, frozen=True, kw_only=True):
    """order and external_id name it: the order's external id, and the parcel's own within it.

    lines: the external ids of the lines in it, each with its units, None for all of the line. What was
    promised is taken from the order where it is None. location: code of a site, "" when nobody knows.
    """

    order: str
    external_id: str
    location: str = ""
    carrier: str = ""
    service: str = ""
    tracking_number: str = ""
    weight_g: int | None = None
    promised_on: date | None = None
    promised_by: datetime | None = None
    ship_by: datetime | None = None
    packed_at: datetime | None = None
    handed_over_at: datetime | None = None
    lines: tuple[tuple[str, int | None], ...] = ()


class PastHandOver(Struct, frozen=True, kw_only=True):
    """When a carrier took a parcel. external_id "": every parcel of the order."""

    order: str
    at: datetime | None
    external_id: str = ""
    is_delivered: bool = False  # it arrived, so it left, whenever that was


def wrong_with(parcel: PastParcel) -> str:
    """What is wrong with it, in a sentence; "" when nothing is."""
    for name, text in (("order", parcel.order), ("parcel", parcel.external_id)):
        if not 0 < len(text) <= 255 or not text.isprintable():
            return f"{name}: 1 to 255 printable characters"
    if any(quantity is not None and quantity < 1 for _, quantity in parcel.lines):
        return "quantity: a whole number from 1"
    if parcel.weight_g is not None and not 0 <= parcel.weight_g <= 100_000_000:
        return "weight_g: a whole number from 0 to 100000000"
    return ""


def together(parcels: Iterable[PastParcel]) -> PastParcel:
    """One parcel out of what several rows say of it: all their lines, the latest time to ship by."""
    first, *others = parcels
    for other in others:
        filled = {
            name: getattr(other, name)
            for name in first.__struct_fields__
            if name not in ("ship_by", "lines") and getattr(first, name) in (None, "")
        }
        moments = [one for one in (first.ship_by, other.ship_by) if one is not None]
        lines = (*first.lines, *(line for line in other.lines if line not in first.lines))
        first = replace(first, **filled, ship_by=max(moments, default=None), lines=lines)
    return first
