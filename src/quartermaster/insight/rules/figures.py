"""From counted rows to one figure: the same fold for a period, for a day, and for a rollup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from quartermaster.core.money import BadAmount, Money
from quartermaster.insight.rules.days import Period, day_of
from quartermaster.insight.rules.definitions import Definition, Fold

type Told = dict[str, object]
SEVERAL = "several currencies: they are never added up without a rate, see by_currency"


@dataclass(frozen=True, slots=True)
class Sums:
    """What the rows of one part (a currency, or "") add up to. median and p90 of the values."""

    part: str
    n: int
    hits: int = 0
    weight: Decimal = Decimal(0)
    value: Decimal = Decimal(0)
    median: float | None = None
    p90: float | None = None


def figure(definition: Definition, parts: Sequence[Sums]) -> Told:
    """value, n, numerator and denominator; value None and n 0 when there was nothing to count."""
    counted = [part for part in parts if part.n]
    if definition.fold in (Fold.SUM, Fold.MEAN_MONEY, Fold.RATIO_MONEY):
        return _in_money(definition, sorted(counted, key=lambda part: (-part.n, part.part)))
    n = sum(part.n for part in counted)
    weight, value = sum(part.weight for part in counted), sum(part.value for part in counted)
    told: Told = {"value": None, "n": n, "unit": definition.unit}
    if definition.fold is Fold.COUNT:
        told["value"] = n or None
    elif definition.fold is Fold.RATIO:
        told |= {"value": _ratio(value, weight), "numerator": int(value), "denominator": int(weight)}
    elif definition.fold is Fold.NPS:
        told["value"] = _ratio(100 * value, n)
    elif definition.fold is Fold.MEAN:
        told["value"] = _ratio(value, n)
    else:
        (only,) = counted or [Sums("", 0)]
        told |= {"value": _ratio(value, n), "median": only.median, "p90": only.p90}
    return told


def _ratio(value: Decimal | int, weight: Decimal | int) -> float | None:
    return float(Decimal(value) / Decimal(weight)) if weight else None


def _in_money(definition: Definition, parts: Sequence[Sums]) -> Told:
    """One figure for each currency; the value is theirs when there is only one."""
    each = [_of_currency(definition, part) for part in parts]
    n = sum(part.n for part in parts)
    if len(each) == 1:
        return {**each[0], "by_currency": each}
    told: Told = {"value": None, "n": n, "unit": definition.unit, "by_currency": each}
    return {**told, "because": SEVERAL} if each else told


def _of_currency(definition: Definition, part: Sums) -> Told:
    if definition.fold is Fold.RATIO_MONEY:
        return {
            "value": _ratio(part.value, part.weight),
            "n": part.n,
            "unit": definition.unit,
            "currency": part.part,
        }
    minor = part.value if definition.fold is Fold.SUM else part.value / part.n
    whole = int(minor.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    return {
        "value": _major(whole, part.part),
        "n": part.n,
        "unit": part.part,
        "currency": part.part,
        "money": {"minor": whole, "currency": part.part},
    }


def _major(minor: int, currency: str) -> float:
    """In units people count in (euros); minor units where nobody knows the currency."""
    try:
        return float(Money(minor, currency).decimal)
    except BadAmount:
        return float(minor)


def provisional_until(definition: Definition, last: date) -> date:
    """The first day on which a period that ends with `last` may be taken for final."""
    return last + timedelta(days=definition.window_days + 1)


def is_provisional(definition: Definition, period: Period, at: datetime) -> bool:
    """Whether facts about the period are still expected."""
    return day_of(at, period.tz) < provisional_until(definition, period.last)


def explained(definition: Definition, told: Mapping[str, object], period: Period, at: datetime) -> Told:
    """A figure with what it means, and whether it is final."""
    return {
        **told,
        "title": definition.title,
        "definition": definition.text,
        "formula": definition.formula,
        "cohort": definition.cohort,
        "source": definition.source,
        "provisional": is_provisional(definition, period, at),
        "provisional_until": provisional_until(definition, period.last).isoformat(),
    }
