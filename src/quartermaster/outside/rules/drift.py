"""Why a stock report of theirs differs from the ledger: candidates, by what is known to be under way."""

from typing import Literal

from msgspec import Struct

Kind = Literal["unconfirmed", "missing", "receipt", "booked", "timing", "unexplained"]


class Known(Struct, frozen=True):
    """What is known of one SKU at a site around the moment of a report. Units, never negative. Each may
    explain a difference, and need not."""

    unconfirmed: int = 0  # sent to be shipped, and no parcel told yet: it may have left
    missing: int = 0  # they said they cannot find them; the ledger still counts them, as missing
    told: int = 0  # receipts they told that nobody booked here
    booked: int = 0  # receipts booked here of late that they have not told
    left_near: int = 0  # handed over within the hours around the report
    came_near: int = 0  # received within the hours around the report


class Cause(Struct, frozen=True):
    """A candidate: `units` of the difference (theirs minus ours) it can explain, with their sign."""

    kind: Kind
    units: int
    because: str


SENTENCES: dict[Kind, str] = {
    "unconfirmed": "sent to be shipped and not confirmed: it may have left",
    "missing": "they could not find it; the ledger has it as missing",
    "receipt": "a receipt they told, not booked here",
    "booked": "a receipt booked here that they have not told",
    "timing": "moved around the moment of the report",
    "unexplained": "nothing known explains it: counted, adjusted or lost there",
}


def explain(ours: int, theirs: int, known: Known) -> tuple[Cause, ...]:
    """The difference shared out over what can explain it, the likeliest first; the rest is unexplained. The
    units add up to theirs - ours."""
    difference = theirs - ours
    sign = -1 if difference < 0 else 1
    fewer: tuple[tuple[Kind, int], ...] = (
        ("missing", known.missing),
        ("unconfirmed", known.unconfirmed),
        ("booked", known.booked),
        ("timing", known.left_near),
    )
    more: tuple[tuple[Kind, int], ...] = (("receipt", known.told), ("timing", known.came_near))
    left, causes = abs(difference), []
    for kind, units in fewer if difference < 0 else more:
        part = min(left, units)
        if part:
            causes.append(Cause(kind, sign * part, SENTENCES[kind]))
            left -= part
    if left:
        causes.append(Cause("unexplained", sign * left, SENTENCES["unexplained"]))
    return tuple(causes)


def to_settle(causes: tuple[Cause, ...]) -> int:
    """Units that a counter-entry is proposed for: what is not about to correct itself."""
    return sum(cause.units for cause in causes if cause.kind in ("missing", "unexplained"))


def settles_itself(units: int, up_to: int | None) -> bool:
    """May the rule of the site settle so many units without a person? None: never."""
    return up_to is not None and abs(units) <= up_to
