"""What is wrong with what a carrier bills for a shipment. Pure: the bill and what we know in, findings out.

A finding is money we want back and a sentence. The first that fits counts: a shipment we do not know has no
weight to compare.
"""

from collections.abc import Sequence

from msgspec import Struct

from quartermaster.core.money import Money

VERSION = 1
WEIGHT_TOLERANCE_G = 100  # scales differ
AMOUNT_TOLERANCE_BP = 100  # hundredths of a percent of what was expected: rounding of surcharges
AMOUNT_TOLERANCE_MINOR = 2


class Charge(Struct, frozen=True):
    """A line of the bill. nth: how many equal lines stand before it in the same file."""

    kind: str
    amount_minor: int
    nth: int = 0


class Billed(Struct, frozen=True):
    """All charges for one tracking number on one invoice; weight: the highest that is told."""

    tracking_number: str
    currency: str
    charges: tuple[Charge, ...]
    weight_g: int | None = None

    @property
    def total_minor(self) -> int:
        return sum(charge.amount_minor for charge in self.charges)


class Known(Struct, frozen=True):
    """Our label with that number. cost_minor: what the carrier named when it was bought. has_left: the parcel
    was handed over with it. weight_g: on our scale, or what is in the parcel. billed_before: (invoice, minor
    units) of the same carrier, older ones."""

    parcel: str
    cost_minor: int | None
    currency: str
    is_void: bool
    has_left: bool
    weight_g: int | None = None
    is_weighed: bool = False
    volume_cm3: int | None = None
    evidence: str = ""  # who weighed it where and when
    fuel_bp: int | None = None  # agreed for fuel on the day it was shipped, hundredths of a percent
    billed_before: tuple[tuple[str, int], ...] = ()


class Finding(Struct, frozen=True):
    """kind: unknown, currency, again, void, not_shipped, doubled, weight, fuel or price. expected_minor: None
    where nothing can be expected. evidence: what to show the carrier beside the sentence."""

    kind: str
    amount_minor: int
    expected_minor: int | None
    because: str
    evidence: str = ""


def audit(billed: Billed, known: Known | None) -> Finding | None:
    """The one thing to claim, or None: it is as agreed, below it, or a credit."""
    total = billed.total_minor
    if total <= 0:
        return None
    if known is None:
        return Finding("unknown", total, None, f"No label of ours has the number {billed.tracking_number}.")
    before = sum(amount for _, amount in known.billed_before)
    if before and total >= before:
        told = f"{known.parcel} was billed on {known.billed_before[0][0]} already: "
        return Finding("again", total, 0, f"{told}{Money(before, billed.currency)}.")
    if known.is_void and not known.has_left:
        return Finding("void", total, 0, f"The label of {known.parcel} was given back and never used.")
    if not known.has_left:
        return Finding("not_shipped", total, 0, f"{known.parcel} was not handed over.")
    if known.currency and billed.currency != known.currency:
        told = f"{known.parcel} was bought in {known.currency} and is billed in {billed.currency}."
        return Finding("currency", total, None, told)
    if doubled := _doubled(billed.charges):
        words = ", ".join(sorted({charge.kind or "a charge" for charge in doubled}))
        amount = sum(charge.amount_minor for charge in doubled)
        return Finding("doubled", amount, total - amount, f"{known.parcel}: {words} twice on one invoice.")
    return _dearer(billed, known, before)


def _doubled(charges: Sequence[Charge]) -> list[Charge]:
    return [charge for charge in charges if charge.nth and charge.amount_minor > 0]


def _dearer(billed: Billed, known: Known, before: int) -> Finding | None:
    """Is it more than was named when the label was bought, and is the weight why? What was billed before
    counts with it: some carriers bill a correction for itself."""
    expected = known.cost_minor
    fuel = _fuel(billed, known)
    if expected is None:
        return fuel
    all_of_it = before + billed.total_minor
    more = min(all_of_it - expected, billed.total_minor)
    tolerance = max(AMOUNT_TOLERANCE_MINOR, expected * AMOUNT_TOLERANCE_BP // 10_000)
    if more <= tolerance:
        return None  # more fuel and less freight is as agreed together
    money = f"{Money(all_of_it, billed.currency)} instead of {Money(expected, billed.currency)}"
    if billed.weight_g and known.weight_g and billed.weight_g > known.weight_g + WEIGHT_TOLERANCE_G:
        how = "weighed here" if known.is_weighed else "the weight of what is in it"
        size = f", {known.volume_cm3:,} cm³" if known.volume_cm3 else ""
        told = (
            f"{known.parcel}: billed with {billed.weight_g:,} g, {known.weight_g:,} g {how}{size}; {money}."
        )
        return Finding("weight", more, expected, told, known.evidence)
    if fuel is not None:
        return Finding("fuel", more, expected, f"{fuel.because} All of it: {money}.")
    return Finding("price", more, expected, f"{known.parcel}: {money}.")


def _fuel(billed: Billed, known: Known) -> Finding | None:
    """Is the fuel surcharge more than was agreed for the day of shipping? Only where freight and fuel stand
    on lines of their own."""
    fuel = sum(each.amount_minor for each in billed.charges if "fuel" in each.kind.lower())
    freight = sum(each.amount_minor for each in billed.charges if "freight" in each.kind.lower())
    if known.fuel_bp is None or fuel <= 0 or freight <= 0:
        return None
    agreed = -(-freight * known.fuel_bp // 10_000)
    if fuel - agreed <= AMOUNT_TOLERANCE_MINOR:
        return None
    percent = f"{known.fuel_bp / 100:g} % of {Money(freight, billed.currency)}"
    told = f"{known.parcel}: {Money(fuel, billed.currency)} for fuel, {percent} was agreed for that day."
    return Finding("fuel", fuel - agreed, agreed, told)
