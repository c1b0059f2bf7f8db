"""How figures are written for people: one place for the pages and the command line."""

from collections.abc import Mapping
from typing import Any

from quartermaster.insight.rules.definitions import KPIS, Fold

NOTHING = "—"


def told_value(key: str, figure: Mapping[str, Any]) -> str:
    """94.1 %, 7.4 h, EUR 48,210.00; a dash where there is no value."""
    fold, value = KPIS[key].fold, figure["value"]
    if fold in (Fold.SUM, Fold.MEAN_MONEY):
        each = [f"{one['currency']} {_amount(one['value'])}" for one in figure.get("by_currency", ())]
        return " · ".join(each) or NOTHING
    if value is None:
        return NOTHING
    if KPIS[key].unit == "ratio":
        return percent(value)
    if fold is Fold.COUNT:
        return f"{value:,}"
    if fold is Fold.HOURS:
        return hours(value)
    return f"{value:,.2f}".removesuffix(".00") if fold is not Fold.NPS else f"{value:+.0f}"


def aside(key: str, figure: Mapping[str, Any]) -> str:
    """What belongs beside the value: median and p90, what is unknown, that it may still change."""
    said = []
    if KPIS[key].fold is Fold.HOURS and figure["value"] is not None:
        said.append(f"median {hours(figure['median'])}, p90 {hours(figure['p90'])}")
    said += [str(figure["because"])] if "because" in figure else []
    said += [f"unchecked: {one}" for one in figure.get("unchecked", ())]
    if without := figure.get("skus_without_cost"):
        said.append(f"{without:,} SKUs without a cost left out")
    if figure["provisional"] and figure["n"]:
        said.append(f"provisional until {figure['provisional_until']}")
    return "; ".join(said)


def percent(ratio: float) -> str:
    """94.1 %; near the ends, where a tenth of a point matters, 99.91 %."""
    return f"{ratio * 100:.{2 if 0 < ratio < 0.01 or 0.99 < ratio < 1 else 1}f} %"


def hours(count: float) -> str:
    """7.4 h; beyond three days 4.1 d."""
    return f"{count:,.1f} h" if abs(count) < 72 else f"{count / 24:,.1f} d"


def _amount(value: float) -> str:
    return f"{value:,.2f}" if value < 1_000_000 else f"{value:,.0f}"


def change(key: str, now: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[str, str]:
    """How a figure differs from the one before, in words, and whether that is good: "" when it is neither.

    Ratios differ by points, everything else by percent.
    """
    there, then = now["value"], before["value"]
    if there is None or then is None:
        return "", ""
    definition = KPIS[key]
    difference = there - then
    if definition.unit == "ratio":
        said = f"{difference * 100:+.1f} pt"
    elif definition.fold is Fold.NPS:
        said = f"{difference:+.0f}"
    elif not then:
        return "", ""
    else:
        said = f"{difference / then * 100:+.0f} %"
    if not said.strip("+-0. %pt"):
        return "as before", ""
    if definition.rises is None:
        return said.replace("-", "−"), ""
    return said.replace("-", "−"), "good" if (difference > 0) is definition.rises else "bad"
