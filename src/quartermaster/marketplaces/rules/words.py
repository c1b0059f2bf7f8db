"""How a measure is said: shares as the marketplace shows them, and a sentence for lists and alerts."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from quartermaster.marketplaces.rules.headroom import Standing, State
from quartermaster.marketplaces.rules.terms import PPM, TITLES, Counts, Measure, Terms

_ROWS = {Counts.ORDER: "order", Counts.PARCEL: "parcel", Counts.UNIT: "unit"}


def percent(ppm: int, places: int = 2) -> str:
    """25000 is 2.5 %; at most two places, half to even."""
    value = (Decimal(ppm) / 10_000).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    text = f"{value:f}".rstrip("0").rstrip(".") if places else f"{value:f}"
    return f"{text} %"


def shown(bad: int, n: int, terms: Terms) -> str:
    """The figure as the marketplace shows it; "" where nothing was counted: null is not 0 %."""
    if not n:
        return ""
    return percent((n - bad if terms.reads_good else bad) * PPM // n)


def target(terms: Terms) -> str:
    """under 1 %, at most 1.4 %, at least 95 %."""
    if terms.reads_good:
        return f"{'over' if terms.is_strict else 'at least'} {percent(PPM - terms.limit_ppm)}"
    return f"{'under' if terms.is_strict else 'at most'} {percent(terms.limit_ppm)}"


def many(count: int, terms: Terms) -> str:
    """1 order, 12 parcels."""
    return f"{count:,} {_ROWS[terms.counts]}{'' if count == 1 else 's'}"


def sentence(
    measure: Measure,
    days: int,
    stands: Standing,
    terms: Terms,
    *,
    first: date,
    last: date,
    good_on: date | None,
) -> str:
    """What stands in a list: the figure, the target, and how much room there is."""
    title = f"{TITLES[measure]}, {days} days"
    if stands.state is State.NONE:
        return f"{title}: nothing was counted from {_day(first)} to {_day(last)}"
    told = f"{title}: {shown(stands.bad, stands.n, terms)}, the target is {target(terms)}"
    if stands.state is State.FEW:
        return f"{told}; with {many(stands.n, terms)} nobody is held to it, from {terms.least_n} on one is"
    if stands.state is State.RED:
        again = f"; by itself good again on {_day(good_on)}" if good_on else ""
        return f"{told}; {many(stands.needs_good, terms)} more must go right{again}"
    room = stands.headroom or 0
    return f"{told}; {many(room, terms) if room else 'no ' + _ROWS[terms.counts]} may still go wrong"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
