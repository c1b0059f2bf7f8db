"""Import the list of goods that may not go everywhere. A file told twice changes nothing."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.catalog.actions.restrict import restrict
from quartermaster.catalog.rules import restriction_rows as rows
from quartermaster.core.imports import Given, Kind, Step, Taken


class Restrictions(Kind):
    """The kind of import named `restrictions`."""

    columns = rows.COLUMNS
    required = rows.REQUIRED
    days = ("from_on", "until_on")

    def __init__(self, *, at: datetime, by: str) -> None:
        self._at, self._by = at, by

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        return [_Lines(self._at, self._by)]


class _Lines:
    def __init__(self, at: datetime, by: str) -> None:
        self._at, self._by = at, by

    def wants(self, row: Given) -> bool:
        return True

    def take(self, given: Sequence[Given]) -> list[Taken]:
        read = [rows.restriction(each.cells) for each in given]
        sound = [line for line, _ in read if line is not None]
        changed = restrict(sound, at=self._at, by=self._by) if sound else 0
        return [
            Taken(is_new=changed > 0)
            if line is not None
            else Taken("; ".join(f"{column}: {what}" for column, what in errors.items()))
            for line, errors in read
        ]
