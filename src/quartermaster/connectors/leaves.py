"""Single values as outside systems write them: ids, whole numbers, moments, words. Pure."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from quartermaster.connectors.shapes import as_text, named
from quartermaster.orders.ports import Unreadable

ID_MAX = 255  # characters: longer ones do not fit a unique index
_ID_NUMBER_MAX = 10**40
YEARS = range(2000, 2101)
QUANTITY_MAX = 1_000_000
LINES_MAX = 1_000
LINES_KEPT = 10_000
_WHOLE = re.compile(r"\s*[+-]?\d{1,18}(?:\.0*)?\s*", re.ASCII)
_WHOLE_MAX = 10**18
_QUANTITY_STORED = 10**9  # above, 0 is kept: the number itself stands in the doubt


def identity(value: object) -> str:
    """An id as text, the same for 17 and "17"; "" when it is no usable id. Text is never read as a number."""
    if type(value) is int:
        return str(value) if 0 < value < _ID_NUMBER_MAX else ""
    if isinstance(value, str):
        text = value.strip()
        return text if len(text) <= ID_MAX and text != "0" else ""
    return ""


def whole(value: object) -> int | None:
    """A whole number given as 2, 2.0, "2" or "2.00"; None for everything else, and beyond 18 digits."""
    if type(value) is int:
        return value if -_WHOLE_MAX < value < _WHOLE_MAX else None
    if isinstance(value, str):
        return int(value.partition(".")[0]) if _WHOLE.fullmatch(value) else None
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < 18 and value == int(value):
        return int(value)
    return None


def units(value: object, what: str, doubts: list[str]) -> int:
    """A quantity ordered: at least 1, at most a million, else a doubt. What cannot be counted is 0."""
    if type(value) is int and 0 < value <= QUANTITY_MAX:
        return value
    number = whole(value)
    if number is None:
        doubts.append(
            f"{what}: the quantity is {named(value) if value is not None else 'missing'}; taken as 0."
        )
        return 0
    if not 0 < number <= QUANTITY_MAX:
        doubts.append(f"{what}: a quantity of {number:,} makes no sense.")
    return number if 0 <= number <= _QUANTITY_STORED else 0


def counted(value: object) -> int:
    """Units that moved: what is no count, or less than nothing, is 0."""
    number = whole(value)
    return 0 if number is None else min(max(number, 0), _QUANTITY_STORED)


def moment(value: object, what: str, doubts: list[str]) -> datetime | None:
    """An ISO 8601 moment in UTC, as which one without an offset is taken. None when it is missing or none."""
    if not isinstance(value, str):
        if value is not None:
            doubts.append(f"{what} is {named(value)}, not a moment.")
        return None
    if not value or value.startswith("0000-00-00"):  # how MySQL writes "never"
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        doubts.append(f"{what} is {named(value)}, not a moment.")
        return None
    if found.year not in YEARS:
        doubts.append(f"{what} is {value[:40]}, outside {YEARS.start} to {YEARS.stop - 1}.")
    return found


def cut(text: str | None, limit: int = 255) -> str:
    """Text for people, at most `limit` characters. Never for ids and codes."""
    if not text:
        return ""
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"


def texts(names: tuple[str, ...], *given: object) -> dict[str, str]:
    """Scalars as text, as they were written; objects and empty values are left out. Only for showing."""
    return {
        name: cut(text, 500) for name, value in zip(names, given, strict=True) if (text := as_text(value))
    }


def code(value: str | None, what: str, doubts: list[str]) -> str:
    """A SKU exactly as written; one that is too long to be one is left out with a doubt."""
    if not value:
        return ""
    if len(value) > ID_MAX:
        doubts.append(f"{what}: the SKU has {len(value):,} characters; left out.")
        return ""
    return value


def kept[T](lines: list[T], doubts: list[str]) -> list[T]:
    """The lines that are read: absurdly many are cut off with a doubt."""
    if len(lines) > LINES_MAX:
        doubts.append(
            f"It has {len(lines):,} lines; up to {LINES_MAX:,} make sense, up to {LINES_KEPT:,} are kept."
        )
    return lines[:LINES_KEPT]


def line_id(value: object, position: int, seen: set[str], doubts: list[str]) -> str:
    """The line's own id; a made one, with a doubt, when it has none or one that another line already has."""
    told = found = identity(value)
    if not told:
        doubts.append(f"line {position} has no id.")
        found = f"line-{position}"
    elif told in seen:
        doubts.append(f"Two lines have the id {told}.")
        found = f"{told[: ID_MAX - 10]}#{position}"
    seen.add(found)
    return found


def country(told: str | None, what: str, doubts: list[str]) -> str:
    """The two-letter code. A country that has only a name stays unknown: names are not guessed into codes."""
    told = (told or "").strip()
    if len(told) == 2 and told.isascii() and told.isalpha():
        return told.upper()
    if told:
        doubts.append(f"{what}: {told[:40]!r} is no two-letter country code.")
    return ""


def no_order(raw: dict[str, object], topic: str) -> str:
    """Why an object that is no order changes nothing here. Raises Unreadable when it could be anything."""
    if topic:
        return f"Nothing here listens to {topic[:80]}."
    held = ", ".join(sorted(raw))[:200]
    if any(isinstance(value, dict | list) for value in raw.values()) and "id" not in raw:
        return f"There is no order in it, only: {held}."
    raise Unreadable(f"It has no topic, and no order in it. It holds: {held or 'nothing'}.")
