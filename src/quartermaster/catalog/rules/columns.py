"""What of a SKU can be edited in a table: each column as text, and read back from text.

The text of a value is always the same, so a cell that nobody touched says what it said: it changes nothing.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from quartermaster.catalog.rules.skus import POLICIES, Facts
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.money import BadAmount, Money, to_minor

_WHOLE = re.compile(r"([0-9]{1,15})(?:\.0+)?")  # spreadsheets like to write 12.0
_AMOUNT = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,6})?")
_PACK = re.compile(r"(.+):([0-9]{1,12})", re.DOTALL)


class Wrong(ValueError):
    """A text that is no value of its column; str() says why."""


class Column(NamedTuple):
    """name: in files, addresses and the API. field: of a SKU. A cell that is "" empties the field."""

    name: str
    title: str
    field: str
    kind: str = "text"  # text | whole | code | flag | amount: how it is aligned, and what a spreadsheet harms


COLUMNS: Mapping[str, Column] = {
    one.name: one
    for one in (
        Column("title", "Title", "title"),
        Column("product", "Product", "product"),
        Column("barcodes", "Barcodes", "barcodes", "code"),
        Column("weight_g", "Weight, g", "weight_g", "whole"),
        Column("length_mm", "Length, mm", "length_mm", "whole"),
        Column("width_mm", "Width, mm", "width_mm", "whole"),
        Column("height_mm", "Height, mm", "height_mm", "whole"),
        Column("cost", "Cost", "cost_minor", "amount"),
        Column("currency", "Currency", "currency"),
        Column("hs_code", "HS code", "hs_code", "code"),
        Column("origin_country", "Origin", "origin_country"),
        Column("category", "Category", "category"),
        Column("base_unit", "Base unit", "base_unit"),
        Column("units", "Units", "units"),
        Column("hazmat", "Dangerous", "is_hazmat", "flag"),
        Column("policy", "Without stock", "policy"),
        Column("backorder_cap", "Backorder cap", "backorder_cap", "whole"),
        Column("available_on", "Available on", "available_on"),
        Column("active", "Active", "is_active", "flag"),
    )
}
ORDINARY = (
    "title",
    "barcodes",
    "weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "hs_code",
    "origin_country",
)


def shown(name: str, sku: Facts) -> str:
    """The cell of a column; "" where the SKU has nothing."""
    column = COLUMNS[name]
    value = _category(sku) if name == "category" else sku[column.field]
    if name == "cost":
        return _cost(value, str(sku["currency"]))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "|".join(_packed(str(code), int(count)) for code, count in sorted(value.items()))
    return str(value)


def read(name: str, text: str, *, currency: str = "") -> object:
    """The value of a cell, by the field of its column. `currency`: the SKU's, for a cost. Raises Wrong."""
    reader = _READERS.get(name)
    if name == "cost":
        return _read_cost(text, currency)
    return reader(text) if reader else text


def _cost(minor: object, currency: str) -> str:
    if minor is None:
        return ""
    assert isinstance(minor, int)
    return str(Money(minor, currency).decimal) if currency in EXPONENT else str(minor)


def _category(sku: Facts) -> object:
    attributes = sku["attributes"]
    assert isinstance(attributes, Mapping)
    return attributes.get("category", "")


def _packed(code: str, count: int) -> str:
    """4006381333931, or 4006381333931:12 for one that stands for twelve."""
    escaped = code.replace("\\", "\\\\").replace("|", "\\|")
    return escaped if count == 1 and not _PACK.fullmatch(code) else f"{escaped}:{count}"


def _split(text: str) -> list[str]:
    parts: list[str] = []
    part, is_escaped = "", False
    for sign in text:
        if is_escaped:
            part, is_escaped = part + sign, False
        elif sign == "\\":
            is_escaped = True
        elif sign == "|":
            parts, part = [*parts, part], ""
        else:
            part += sign
    return [one for one in (piece.strip() for piece in [*parts, part]) if one]


def _read_packs(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _split(text):
        packed = _PACK.fullmatch(part)
        code, count = (packed[1].strip(), int(packed[2])) if packed else (part, 1)
        if code in found:
            raise Wrong(f"{code[:80]} stands there twice")
        found[code] = count
    return found


def _read_units(text: str) -> dict[str, int]:
    if any(not _PACK.fullmatch(part) for part in _split(text)):
        raise Wrong("written like case:12|pallet:480")
    return _read_packs(text)


def _read_whole(text: str) -> int | None:
    if not text:
        return None
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise Wrong(f"{text[:40]!r} is not a whole number")
    return int(found[1])


def _read_cost(text: str, currency: str) -> int | None:
    if not text:
        return None
    if currency not in EXPONENT:
        raise Wrong("a cost needs a currency, such as EUR")
    if not _AMOUNT.fullmatch(text):
        raise Wrong(f"{text[:40]!r} is not an amount such as 12.99")
    try:
        return to_minor(text, currency)
    except BadAmount as error:
        raise Wrong(str(error)) from None


def _read_flag(text: str) -> bool:
    said = text.lower()
    if said not in ("yes", "no", "true", "false", "1", "0"):
        raise Wrong("yes or no")
    return said in ("yes", "true", "1")


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Wrong(f"{text[:40]!r} is not a day such as 2026-12-31") from None


def _read_policy(text: str) -> str:
    if text not in POLICIES:
        raise Wrong(f"one of {', '.join(POLICIES)}")
    return text


_READERS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(("weight_g", "length_mm", "width_mm", "height_mm", "backorder_cap"), _read_whole),
    **dict.fromkeys(("hazmat", "active"), _read_flag),
    "barcodes": _read_packs,
    "units": _read_units,
    "available_on": _read_day,
    "policy": _read_policy,
}
