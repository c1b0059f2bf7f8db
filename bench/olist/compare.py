"""Our figures beside those of a truth file: every one of them, or it says which cannot be computed."""

import json
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench.olist.figures import FIGURES, QUALITY, Figure
from bench.olist.scope import lay_out
from quartermaster.core import sql

_DECIMALS_MAX: Final = 9  # beyond them a binary fraction is noise
_RANKED: Final = {
    "top10_categories_by_revenue": "categories_by_revenue",
    "top10_categories_by_items": "categories_by_items",
    "orders_by_customer_state_top10": "orders_by_customer_state",
}


class Compared(NamedTuple):
    """One figure. ours: None when it cannot be computed."""

    section: str
    name: str
    truth: object
    ours: object
    is_equal: bool


def truths(folder: Path) -> dict[str, dict[str, Any]]:
    """Every section with an `orders` figure, of every truth file in the folder, by file and name."""
    found = {}
    for path in sorted(folder.glob("ground_truth*.json")):
        told = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
        for name, section in told.items():
            if isinstance(section, dict) and "orders" in section:
                found[f"{path.stem}:{name}"] = section
    return found


def compare(name: str, section: Mapping[str, Any], connection: str) -> Iterator[Compared]:
    """Every figure of a section, compared."""
    lay_out(section, connection)
    for figure, truth in section.items():
        if figure == "data_quality":
            for part, told in truth.items():
                yield _plain(name, part, told, QUALITY.get(part))
        elif figure in _RANKED:
            yield _ranked(name, figure, truth)
        elif figure in _SPECIAL:
            yield _SPECIAL[figure](name, figure, truth)
        else:
            yield _plain(name, figure, truth, FIGURES.get(figure))


def _plain(section: str, name: str, truth: Any, figure: Figure | None) -> Compared:
    if figure is None:
        return Compared(section, name, truth, None, False)
    ours = _value(figure)
    return Compared(section, name, truth, ours, same(truth, ours, figure.decimals))


def _value(figure: Figure) -> Any:
    found = sql.run(figure.query, prepare=False)[0][0]
    is_document = isinstance(found, str) and found[:1] in ("{", "[")
    return json.loads(found, parse_float=Decimal) if is_document else found


def _ranked(section: str, name: str, truth: Any) -> Compared:
    """The first so many of a ranking. Equals may stand in any order, at the end of it too."""
    figure = FIGURES[_RANKED[name]]
    everything: dict[str, Any] = _value(figure)
    pairs = list(truth.items()) if isinstance(truth, dict) else [tuple(pair) for pair in truth]
    first = sorted(everything.items(), key=lambda pair: (-pair[1], pair[0]))[: len(pairs)]
    is_equal = same(sorted(v for _, v in pairs), sorted(v for _, v in first), figure.decimals) and all(
        same(value, everything.get(key), figure.decimals) for key, value in pairs
    )
    return Compared(section, name, truth, first, is_equal)


def _peak(section: str, name: str, truth: Any) -> Compared:
    days: dict[str, int] = _value(FIGURES["orders_by_day"])
    most = max(days.values(), default=0)
    peaks = sorted([day, count] for day, count in days.items() if count == most)
    return Compared(section, name, truth, peaks[:1], list(truth) in peaks)


def _quantiles(section: str, name: str, truth: Any) -> Compared:
    rates = [float(rate) for rate in _value(FIGURES["seller_late_rates_30plus"]) or []]
    ours = {key: _quantile(rates, float(key)) for key in truth} if rates else {}
    return Compared(section, name, truth, ours, same(truth, ours, 6))


def _worst(section: str, name: str, truth: Any) -> Compared:
    """The sellers who were late most often: [seller, orders, late ones, share]."""
    everything: dict[str, list[Any]] = _value(FIGURES["sellers_30plus"]) or {}
    first = sorted(everything.items(), key=lambda pair: -pair[1][2])[: len(truth)]
    rates = sorted(row[3] for row in truth), sorted(facts[2] for _, facts in first)
    is_equal = same(*rates, 6) and all(same(row[1:], everything.get(row[0]), 6) for row in truth)
    return Compared(section, name, truth, [[seller, *facts] for seller, facts in first], is_equal)


_SPECIAL: Final = {
    "peak_day": _peak,
    "seller_late_rate_30plus_quantiles": _quantiles,
    "worst5_sellers_30plus": _worst,
}


def _quantile(sorted_values: list[float], share: float) -> float:
    """Between the two nearest, in proportion."""
    place = share * (len(sorted_values) - 1)
    low, high = math.floor(place), math.ceil(place)
    return sorted_values[low] + (sorted_values[high] - sorted_values[low]) * (place - low)


def same(truth: Any, ours: Any, decimals: int) -> bool:
    """Whether ours, rounded to the digits given (at least to `decimals`), is the truth."""
    if isinstance(truth, Mapping):
        return (
            isinstance(ours, Mapping)
            and truth.keys() == ours.keys()
            and all(same(value, ours[key], decimals) for key, value in truth.items())
        )
    if isinstance(truth, list):
        return (
            isinstance(ours, list)
            and len(truth) == len(ours)
            and all(same(a, b, decimals) for a, b in zip(truth, ours, strict=True))
        )
    if isinstance(truth, int | Decimal) and isinstance(ours, int | float | Decimal):
        digits = -int(Decimal(truth).as_tuple().exponent)
        digits = min(max(digits, decimals), _DECIMALS_MAX)
        # a half may have been rounded either way, and the last digit of a float is noise
        return abs(Decimal(truth) - Decimal(ours)) <= Decimal("0.5000001").scaleb(-digits)
    return bool(truth == ours)
