"""Prices as a person sends them: rows of a bulk change, or lines pasted from a spreadsheet."""

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from quartermaster.channels.rules.prices.guards import moved_far
from quartermaster.core.money import MINOR_MAX, BadAmount, Money, to_minor

ROWS_MAX = 5_000
COLUMNS = ("sku", "price", "compare_at", "least", "most")


class PriceRow(Struct, frozen=True):
    """A price to be written, in minor units of the list. price_minor None: the list has no price of it."""

    sku: str
    price_minor: int | None
    compare_at_minor: int | None = None
    least_minor: int | None = None
    most_minor: int | None = None


class Pasted(Struct, frozen=True):
    """rows: what was understood; problems: number of the line, the first being 1 -> what is wrong with it."""

    rows: tuple[PriceRow, ...]
    problems: tuple[tuple[int, str], ...]


def problem(row: PriceRow) -> str:
    """What is wrong with a row by itself; "" nothing."""
    given = (row.price_minor, row.compare_at_minor, row.least_minor, row.most_minor)
    if any(minor is not None and not 0 < minor <= MINOR_MAX for minor in given):
        return "a price is more than nothing"
    if row.price_minor is None and any(minor is not None for minor in given):
        return "a row without a price says nothing else"
    if row.compare_at_minor is not None and row.compare_at_minor <= (row.price_minor or 0):
        return "what it is compared at must be more than its price"
    if row.least_minor is not None and row.most_minor is not None and row.most_minor < row.least_minor:
        return "the most it may cost is less than the least"
    return ""


def pasted(text: str, currency: str) -> Pasted:
    """Lines such as "LAMP;19.90", with tab, semicolon or comma between. A first line that names columns
    (sku, price, compare_at, least, most) says what stands where; without it they stand in that order."""
    lines = text.lstrip("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    between = "\t" if "\t" in first else ";" if ";" in first else ","
    columns: Sequence[str] = COLUMNS
    rows: list[PriceRow] = []
    problems: list[tuple[int, str]] = []
    is_begun = False
    for number, cells in enumerate(csv.reader(lines, delimiter=between), 1):
        told = [cell.strip() for cell in cells]
        if not any(told):
            continue
        names = [cell.lower().replace(" ", "_") for cell in told]
        if not is_begun and "sku" in names:
            columns, is_begun = names, True
            if strange := [name for name in names if name not in COLUMNS]:
                problems.append((number, f"no column is called {strange[0][:40]}"))
            continue
        is_begun = True
        row, wrong = _row(dict(zip(columns, told, strict=False)), currency)
        if row is None:
            problems.append((number, wrong))
        else:
            rows.append(row)
    if len(rows) > ROWS_MAX:
        problems.append((0, f"there are more than {ROWS_MAX:,} rows: send them in parts"))
    return Pasted(tuple(rows), tuple(problems))


def _row(told: Mapping[str, str], currency: str) -> tuple[PriceRow | None, str]:
    sku = told.get("sku", "")
    if not sku:
        return None, "no SKU"
    minors: list[int | None] = []
    for name in COLUMNS[1:]:
        cell = told.get(name, "")
        try:
            minors.append(exact(cell, currency) if cell else None)
        except BadAmount as error:
            return None, f"{name.replace('_', ' ')}: {error}"
    if minors[0] is None:
        return None, "no price"
    row = PriceRow(sku, *minors)
    wrong = problem(row)
    return (None, wrong) if wrong else (row, "")


def exact(cell: str, currency: str) -> int:
    """Minor units of an amount a person wrote; nothing is rounded. Raises BadAmount."""
    plain = cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
    minor = to_minor(plain, currency)
    if Money(minor, currency).decimal != Decimal(plain):
        raise BadAmount(f"{cell[:40]!r} has parts of a minor unit of {currency}")
    return minor


class Moved(Struct, frozen=True):
    """How a change moves the prices of a list. far: SKUs whose price moves by more than is usual."""

    rows: int
    far: int
    sentence: str  # why it is stopped as one; "" it is not


def moved(was: Mapping[str, int], rows: Sequence[PriceRow], *, percent: int, rows_max: int) -> Moved:
    """What is new on the list has not moved; what is taken off it has not either."""
    far = [
        row
        for row in rows
        if row.price_minor is not None
        and row.sku in was
        and moved_far(was[row.sku], row.price_minor, percent)
    ]
    sentence = ""
    if len(far) >= rows_max:
        sentence = told_far(len(far), len(rows), percent)
    return Moved(len(rows), len(far), sentence)


def told_far(far: int, rows: int, percent: int) -> str:
    return f"{far:,} of {rows:,} prices would change by more than {percent} %."
