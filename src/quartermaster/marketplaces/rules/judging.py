"""Which of the rows that may be defects are, and the sentence why. What these rules see was found by SQL; it
finds too many rather than too few."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from quartermaster.marketplaces.rules import defects
from quartermaster.marketplaces.rules.defects import Defect
from quartermaster.marketplaces.rules.initiative import is_defect, wanted_by
from quartermaster.marketplaces.rules.terms import Measure, Terms


class Found(Struct, frozen=True):
    """What is known of a row that may be a defect. reference: P-12 where it is a parcel, "" the order.
    weight: what of it counts (units, or 1)."""

    order: int
    weight: int
    reference: str = ""
    due: datetime | None = None
    last_at: datetime | None = None  # confirmed, or delivered
    tried_at: datetime | None = None  # the carrier stood at the door
    parcels: int = 0
    untold: int = 0  # parcels that left, of which the marketplace does not know
    left: int = 0  # units that are still wanted and here
    because: str = ""
    here: int = 0
    asked: bool = False
    tracking_number: str = ""
    left_at: datetime | None = None
    defects: Sequence[Defect] = ()


class Judged(Struct, frozen=True):
    """is_defect None: nobody knows, so it does not count."""

    is_defect: bool | None
    because: str


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def span(length: timedelta) -> str:
    """3 d 4 h, 4 h 10 min, 10 min; less than a minute is "less than a minute"."""
    if length < _MINUTE:
        return "less than a minute"
    days, rest = divmod(length, _DAY)
    hours, rest = divmod(rest, _HOUR)
    parts = [(days, "d"), (hours, "h"), (rest // _MINUTE, "min")]
    shown = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(shown[:2])


def late_to_ship(found: Found, terms: Terms, at: datetime) -> Judged:
    """Confirmed after the day it was to be shipped by; of several parcels the last one decides. What is still
    here after it will be late whenever it leaves."""
    if found.due is None:
        return Judged(None, "The marketplace named no moment to ship it by.")
    if found.left and at > found.due:
        units = f"{found.left} unit{'' if found.left == 1 else 's'}"
        return Judged(True, f"{units} not shipped, {span(at - found.due)} after it was due.")
    if found.untold and at > found.due:
        parcels = f"{found.untold} parcel{'' if found.untold == 1 else 's'}"
        return Judged(True, f"{parcels} left, and not confirmed {span(at - found.due)} after it was due.")
    if found.last_at is not None and found.last_at > found.due:
        which = f"The last of {found.parcels} parcels was confirmed" if found.parcels > 1 else "Confirmed"
        return Judged(True, f"{which} {span(found.last_at - found.due)} late.")
    return Judged(False, "In time.")


def cancelled(found: Found, terms: Terms, at: datetime) -> Judged:
    who, why = wanted_by(because=found.because, units_here=found.here, has_buyer_asked=found.asked)
    return Judged(is_defect(who, counts_auto=terms.counts_auto), why)


def defective(found: Found, terms: Terms, at: datetime) -> Judged:
    """One order is one defect, however many things went wrong with it."""
    counted = [one for one in found.defects if defects.counts(one)]
    if not counted:
        return Judged(False, "Nothing of it counts.")
    told = "; ".join(defects.told(one) for one in sorted(counted, key=lambda one: one.happened_at))
    return Judged(True, f"{told[0].upper()}{told[1:]}.")


def untracked(found: Found, terms: Terms, at: datetime) -> Judged:
    """Valid is a number the carrier has scanned at least once."""
    if not found.tracking_number:
        return Judged(True, f"{found.reference} left without a tracking number.")
    since = f" in {span(at - found.left_at)}" if found.left_at else ""
    return Judged(True, f"{found.reference}: {found.tracking_number} was never scanned{since}.")


def late_to_arrive(found: Found, terms: Terms, at: datetime) -> Judged:
    """By the first time the carrier stood at the door. What has not arrived is not counted yet."""
    moments = [one for one in (found.last_at, found.tried_at) if one is not None]
    if found.due is None or found.last_at is None:
        return Judged(None, f"{found.reference} has not arrived: not counted until it has.")
    late = min(moments) - found.due
    if late <= timedelta(0):
        return Judged(False, "In time: the carrier stood at the door before.")
    return Judged(True, f"{found.reference} came {span(late)} late.")


type Judge = Callable[[Found, Terms, datetime], Judged]
JUDGES: Final[Mapping[Measure, Judge]] = {
    Measure.ODR: defective,
    Measure.LSR: late_to_ship,
    Measure.RTD: late_to_ship,
    Measure.CR: cancelled,
    Measure.VTR: untracked,
    Measure.OTDR: late_to_arrive,
}
