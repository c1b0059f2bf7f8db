"""The report of what buyers said of the seller, GET_SELLER_FEEDBACK_DATA. Pure.

A table with tabs, whose head and dates are in the language of the marketplace: the day stands first, the
stars second, the comment third, and of what follows the order is known by its shape. It tells one to three
stars.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from quartermaster.connectors.amazon.translate.zipped import plain
from quartermaster.marketplaces.ports import Feedback

TYPE: Final = "GET_SELLER_FEEDBACK_DATA"
_ORDER: Final = re.compile(r"\d{3}-\d{7}-\d{7}", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})\.?", re.ASCII)
_COLUMNS: Final = 4  # at least: day, stars, comment, order
_COMMENT_MAX: Final = 1000
_YEARS: Final = range(2000, 2100)
# Which number of a day is which: year, month, day.
_YEAR_FIRST, _MONTH_FIRST, _DAY_FIRST = (0, 1, 2), (2, 0, 1), (2, 1, 0)
_ORDERS: Final = {"JP": _YEAR_FIRST, "US": _MONTH_FIRST}


def feedback(body: bytes, *, country: str, is_gzip: bool) -> tuple[list[Feedback], int]:
    """What was said, and how many rows could not be read. Raises ValueError when it is no such report."""
    head, *lines = _text(plain(body, is_gzip=is_gzip), country).split("\n")
    if head.count("\t") < _COLUMNS - 1:
        raise ValueError("Amazon's report of feedback is no table")
    if _ORDER.search(head):
        lines.insert(0, head)
    rows = [line.rstrip("\r").split("\t") for line in lines if line.strip()]
    found = [one for row in rows if (one := _row(row, country)) is not None]
    return found, len(rows) - len(found)


def _text(body: bytes, country: str) -> str:
    for encoding in ("utf-8-sig", "cp932" if country == "JP" else "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", "replace")


def _row(cells: list[str], country: str) -> Feedback | None:
    if len(cells) < _COLUMNS:
        return None
    told_on, stars = _day(cells[0], country), cells[1].strip()
    order = next((one.strip() for one in reversed(cells[3:]) if _ORDER.fullmatch(one.strip())), "")
    if told_on is None or stars not in ("1", "2", "3", "4", "5") or not order:
        return None
    return Feedback(order, told_on, int(stars), " ".join(cells[2].split())[:_COMMENT_MAX])


def _day(text: str, country: str) -> date | None:
    """By the marketplace's habit; where that makes no day, by another. The day decides nothing: an order
    counts on the day on which it was placed."""
    parts = _DAY.fullmatch(text.strip())
    return next(_days(tuple(map(int, parts.groups())), country), None) if parts else None


def _days(numbers: tuple[int, ...], country: str) -> Iterator[date]:
    first = _YEAR_FIRST if numbers[0] > 99 else _ORDERS.get(country, _DAY_FIRST)
    for year, month, day in (first, _DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        whole = numbers[year] if numbers[year] > 99 else 2000 + numbers[year]
        try:
            found = date(whole, numbers[month], numbers[day])
        except ValueError:
            continue
        if found.year in _YEARS:
            yield found
