"""Days and cut-offs as people write them, a line each; and written back the same way."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

from quartermaster.stock.rules.calendar import YEAR, CutOff, Day

_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*\.\.\s*(\d{4}-\d\d-\d\d))?\s+(\S.*)")
_CUTOFF = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?:\s+([1-7]+)(?=\s|$))?(?:\s+(.+))?")


def days(text: str) -> tuple[Day, ...]:
    """Lines like "2026-12-24 Inventory" or "2026-12-24..2026-12-31 Closed for the year". Raises ValueError
    that says which line cannot be read."""
    return tuple(sorted(_days(text), key=lambda one: one.on))


def cutoffs(text: str) -> tuple[CutOff, ...]:
    """Lines like "14:00", "12:00 6", "16:30 acme" or "11:00 56 acme/express". Raises ValueError that says
    which line cannot be read."""
    return tuple(_cutoffs(text))


def days_told(listed: tuple[Day, ...]) -> str:
    """Runs of days with one reason in a line."""
    runs: list[tuple[date, date, str]] = []
    for one in sorted(listed, key=lambda one: one.on):
        if runs and runs[-1][2] == one.because and one.on - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], one.on, one.because)
        else:
            runs.append((one.on, one.on, one.because))
    return "\n".join(
        f"{first} {why}" if first == last else f"{first}..{last} {why}" for first, last, why in runs
    )


def cutoffs_told(listed: tuple[CutOff, ...]) -> str:
    return "\n".join(
        " ".join(
            filter(
                None,
                (
                    f"{one.at:%H:%M}",
                    one.weekdays,
                    f"{one.carrier}/{one.service}" if one.service else one.carrier,
                ),
            )
        )
        for one in listed
    )


def _days(text: str) -> Iterator[Day]:
    for line in _lines(text):
        read = _DAYS.fullmatch(line)
        if read is None:
            raise ValueError(f'"{line[:60]}" is not like 2026-12-24 Inventory')
        try:
            first, last = date.fromisoformat(read[1]), date.fromisoformat(read[2] or read[1])
        except ValueError:
            raise ValueError(f'"{line[:60]}" names a day that does not exist') from None
        if last < first or last - first > YEAR:
            raise ValueError(f'"{line[:60]}" is not a stretch of at most a year')
        for n in range((last - first).days + 1):
            yield Day(first + timedelta(days=n), read[3])


def _cutoffs(text: str) -> Iterator[CutOff]:
    for line in _lines(text):
        read = _CUTOFF.fullmatch(line)
        if read is None:
            raise ValueError(f'"{line[:60]}" is not like 14:00, 12:00 6, or 16:30 acme/express')
        carrier, _, product = (read[4] or "").partition("/")
        yield CutOff(time(int(read[1]), int(read[2])), read[3] or "", carrier, product)


def _lines(text: str) -> Iterator[str]:
    return filter(None, (line.strip() for line in text.splitlines()))
