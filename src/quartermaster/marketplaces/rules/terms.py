"""What a marketplace holds a seller to: which windows, which limit, and by which day a row counts.

Every measure is kept as a share of defects, also those that are published as a share of what went well (95 %
valid tracking is at most 5 % without). So one rule reckons all of them; `reads_good` says how it is shown.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from msgspec import Struct

PPM: Final = 1_000_000
DAYS_MAX: Final = 365


class Measure(StrEnum):
    ODR = "odr"  # order defect rate
    LSR = "lsr"  # late shipment rate
    CR = "cr"  # cancelled by the seller
    VTR = "vtr"  # valid tracking rate
    OTDR = "otdr"  # on-time delivery rate
    RTD = "rtd"  # not ready to dispatch in time


class Dated(StrEnum):
    """The moment by which a row belongs to a day."""

    PLACED = "placed"  # the order was placed, whenever the defect happened
    SHIP_BY = "ship_by"  # it was to be shipped
    LEFT = "left"  # the parcel left
    PROMISED = "promised"  # it was to be delivered


class Counts(StrEnum):
    ORDER = "order"
    PARCEL = "parcel"
    UNIT = "unit"


TITLES: Final = {
    Measure.ODR: "Order defect rate",
    Measure.LSR: "Late shipment rate",
    Measure.CR: "Cancelled by us",
    Measure.VTR: "Valid tracking rate",
    Measure.OTDR: "On-time delivery rate",
    Measure.RTD: "Ready-to-dispatch breach",
}
DATED_BY: Final = {
    Measure.ODR: (Dated.PLACED,),
    Measure.LSR: (Dated.PLACED, Dated.SHIP_BY),
    Measure.CR: (Dated.PLACED,),
    Measure.VTR: (Dated.LEFT, Dated.PROMISED),
    Measure.OTDR: (Dated.PROMISED,),
    Measure.RTD: (Dated.PLACED, Dated.SHIP_BY),
}
COUNTS: Final = {
    Measure.ODR: (Counts.ORDER,),
    Measure.LSR: (Counts.ORDER,),
    Measure.CR: (Counts.ORDER, Counts.UNIT),
    Measure.VTR: (Counts.PARCEL,),
    Measure.OTDR: (Counts.UNIT, Counts.PARCEL),
    Measure.RTD: (Counts.ORDER,),
}


class Terms(Struct, frozen=True):
    """windows: lengths in days, each is held to the limit. ends_days_ago: the last day of a window, counted
    back from today (1: yesterday). limit_ppm: the share of defects the target allows; is_strict: it must
    stay below that, else it may reach it. warn_ppm: from here on it is amber. least_n: with fewer counted
    nobody is held to it. counts_auto: what the marketplace cancels because we did not ship counts."""

    windows: tuple[int, ...]
    limit_ppm: int
    warn_ppm: int
    dated_by: Dated = Dated.PLACED
    counts: Counts = Counts.ORDER
    is_strict: bool = False
    reads_good: bool = False
    ends_days_ago: int = 1
    least_n: int = 0
    counts_auto: bool = False

    @property
    def reach_days(self) -> int:
        """How many days back from today the longest window reaches."""
        return max(self.windows) + self.ends_days_ago - 1


class Written(Struct, frozen=True):
    """Terms from a day on. country: ISO 3166-1 alpha-2, "" for all that have none of their own. rank: of
    two for the same day the higher holds; published ones have 0."""

    marketplace: str
    country: str
    measure: Measure
    from_on: date
    terms: Terms
    because: str  # the source of what is published, the reason of what a person wrote
    rank: int = 0


def in_force(written: Iterable[Written], measure: Measure, country: str, on: date) -> Written | None:
    """What holds on a day: of the country's own and the general ones the country's, then the latest first
    day, then the newest. None: nobody is held to it."""
    fit = [
        one
        for one in written
        if one.measure is measure and one.country in ("", country) and one.from_on <= on
    ]
    return max(fit, key=lambda one: (one.country != "", one.from_on, one.rank), default=None)


def wrong_with(measure: Measure, terms: Terms) -> dict[str, str]:
    """Field -> what is wrong with it."""
    errors = {}
    if not terms.windows or not all(0 < days <= DAYS_MAX for days in terms.windows):
        errors["windows"] = f"days, each from 1 to {DAYS_MAX}"
    elif len(set(terms.windows)) != len(terms.windows) or len(terms.windows) > 5:
        errors["windows"] = "at most five, each once"
    if not 0 < terms.limit_ppm < PPM:
        errors["target"] = "a share between 0 and 100 %"
    if not 0 <= terms.warn_ppm <= terms.limit_ppm:
        errors["warn"] = "between what is perfect and the target"
    if not 0 <= terms.ends_days_ago <= 60:
        errors["ends_days_ago"] = "from 0 to 60"
    if not 0 <= terms.least_n <= PPM:
        errors["least_n"] = "a whole number, not negative"
    if terms.dated_by not in DATED_BY[measure]:
        errors["dated_by"] = f"one of {', '.join(DATED_BY[measure])}"
    if terms.counts not in COUNTS[measure]:
        errors["counts"] = f"one of {', '.join(COUNTS[measure])}"
    return errors
