"""How cells are written elsewhere, and how we write them. Pure; an empty cell stays empty."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

type Convert = Callable[[str], str]


class NotUnderstood(ValueError):
    """What is wrong with a cell, in words."""


def zone(name: str) -> tzinfo:
    """A fixed offset such as -03:00, or a name of the IANA list. Raises NotUnderstood."""
    if name[:1] in ("+", "-"):
        try:
            hours, minutes = map(int, name[1:].split(":"))
            offset = timedelta(hours=hours, minutes=minutes)
            return timezone(offset if name[0] == "+" else -offset)
        except ValueError:
            raise NotUnderstood(f"{name!r} is not an offset such as -03:00") from None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NotUnderstood(f"{name!r} is no time zone such as Europe/Berlin or -03:00") from None


def moment(time_format: str, zone_name: str) -> Convert:
    """To ISO 8601 with an offset. Without a format: what ISO 8601 allows. A text with an offset of its own
    keeps it. An hour that a change of clocks has twice is the first of the two; one left out is wrong."""
    place = zone(zone_name) if zone_name else None
    is_fixed = isinstance(place, timezone)

    def convert(text: str) -> str:
        if not text:
            return ""
        told = _parsed(text, time_format)
        if told.tzinfo is None:
            if place is None:
                raise NotUnderstood(f"{text[:40]!r} says no time zone, and neither does the map")
            told = told.replace(tzinfo=place)
            if not is_fixed and told.astimezone(UTC).astimezone(place).replace(fold=0) != told:
                raise NotUnderstood(f"{text[:40]!r} does not exist in {zone_name}: the clocks went forward")
        return told.isoformat()

    return convert


def day(time_format: str) -> Convert:
    """The calendar day as it is written, whatever the time of day behind it."""

    def convert(text: str) -> str:
        return _parsed(text, time_format).date().isoformat() if text else ""

    return convert


def with_a_point(decimal: str) -> Convert:
    """1.234,56 is 1234.56 where the decimal sign is a comma."""
    thousands = "." if decimal == "," else ","

    def convert(text: str) -> str:
        return text.replace(thousands, "").replace(decimal, ".")

    return convert


def times(factor: str) -> Convert:
    """Another unit: centimetres times 10 are millimetres."""
    by = Decimal(factor)

    def convert(text: str) -> str:
        if not text:
            return ""
        try:
            return f"{(Decimal(text) * by).normalize():f}"
        except InvalidOperation:
            raise NotUnderstood(f"{text[:40]!r} is not a number such as 12.99") from None

    return convert


def one_of(words: Mapping[str, str]) -> Convert:
    """Their word for ours. One that is not listed is never guessed; the key "" stands for an empty cell."""

    def convert(text: str) -> str:
        if text in words:
            return words[text]
        if not text:
            return ""
        raise NotUnderstood(f"{text[:40]!r} is not among the values of the map ({', '.join(words)})")

    return convert


def _parsed(text: str, time_format: str) -> datetime:
    try:
        if time_format:
            return datetime.strptime(text, time_format)  # noqa: DTZ007 - the zone comes afterwards
        return datetime.fromisoformat(text)
    except ValueError:
        like = time_format or "2026-12-31 14:30:00"
        raise NotUnderstood(f"{text[:40]!r} is not written like {like}") from None
