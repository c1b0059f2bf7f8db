"""Cells of a table, read strictly: a number is a number or an error with a sentence, never a guess."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from quartermaster.core.money import BadAmount, to_minor

_WHOLE = re.compile(r"([+-]?[0-9]{1,18})(?:\.0+)?")  # spreadsheets like to write 12.0
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}


class Cells:
    """One row by column name; "" for an empty cell. `errors` collects column -> what is wrong.

    Every reader answers None for an empty cell, and for one that is wrong.
    """

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str | None:
        return self._cells[name] or None

    def whole(self, name: str) -> int | None:
        found = _WHOLE.fullmatch(self._cells[name])
        if found is None:
            self._unless_empty(name, "not a whole number")
        return int(found[1]) if found else None

    def decimal(self, name: str) -> str | None:
        """A decimal number with a point, as text: nothing is rounded here."""
        found = _DECIMAL.fullmatch(self._cells[name])
        if found is None:
            self._unless_empty(name, "not a number such as 12.99")
        return found[0] if found else None

    def flag(self, name: str) -> bool | None:
        text = self._cells[name].lower()
        if text not in _YES | _NO:
            self._unless_empty(name, "not yes or no")
            return None
        return text in _YES

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self._cells[name])
        except ValueError:
            self._unless_empty(name, "not a day such as 2026-12-31")
            return None

    def moment(self, name: str) -> datetime | None:
        """A moment with its offset from UTC."""
        try:
            moment = datetime.fromisoformat(self._cells[name])
        except ValueError:
            self._unless_empty(name, "not a moment such as 2026-12-31T14:30:00Z")
            return None
        if moment.tzinfo is None:
            self._wrong(name, f"{self._cells[name][:40]!r} says no time zone")
            return None
        return moment

    def minor(self, name: str, currency: str) -> int | None:
        """Minor units of an amount in units of its currency: 12.99 EUR is 1299."""
        if not self._cells[name] or not currency:
            return None
        try:
            return to_minor(self._cells[name], currency)
        except BadAmount as error:
            self._wrong(name, str(error))
            return None

    def clock(self, name: str) -> time | None:
        """A local time of day, to the minute."""
        if not _CLOCK.fullmatch(self._cells[name]):
            self._unless_empty(name, "not a time of day such as 14:30")
            return None
        return time.fromisoformat(self._cells[name])

    def listed(self, name: str) -> list[str]:
        """Several texts in one cell, separated by |."""
        return [part.strip() for part in self._cells[name].split("|") if part.strip()]

    def counted(self, name: str) -> dict[str, int]:
        """Texts with their counts: LAMP:2|SHADE:1. The last colon counts, so a text may hold others."""
        found: dict[str, int] = {}
        for part in self.listed(name):
            text, colon, count = part.rpartition(":")
            if not colon or not text.strip() or not re.fullmatch("[0-9]{1,12}", count.strip()):
                self._wrong(name, f"{part[:80]!r} is not written like SKU:2")
            elif text.strip() in found:
                self._wrong(name, f"{text.strip()[:80]} stands there twice")
            else:
                found[text.strip()] = int(count)
        if not found and name not in self.errors:
            self._unless_empty(name, "is not written like SKU:2")
        return found

    def _unless_empty(self, name: str, what: str) -> None:
        if self._cells[name]:
            self._wrong(name, f"{self._cells[name][:40]!r} is {what.removeprefix('is ')}")

    def _wrong(self, name: str, what: str) -> None:
        self.errors.setdefault(name, what)
