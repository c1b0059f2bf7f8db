"""The targets of the floor as a form of plain fields, both ways."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.http import QueryDict

from quartermaster.core.texts import short
from quartermaster.warehouse.rules.timers import TARGETS_MAX, Target, Targets

BLANK: Final = 2  # rows for new ones
FIELDS: Final = (
    "place", "name", "sites", "channels", "priority_min", "pick_minutes", "pack_minutes", "dispatch_minutes",
)  # fmt: skip
_NUMBERS: Final = {
    "place": "places are whole numbers",
    "priority_min": "a priority is a whole number",
    "pick_minutes": "times are whole minutes",
    "pack_minutes": "times are whole minutes",
    "dispatch_minutes": "times are whole minutes",
}


class Row(NamedTuple):
    """What the fields of one target say, as they were written."""

    place: str = ""
    name: str = ""
    sites: str = ""
    channels: str = ""
    priority_min: str = ""
    pick_minutes: str = ""
    pack_minutes: str = ""
    dispatch_minutes: str = ""


def filled(targets: Targets) -> list[Row]:
    """The form to change them with, and rows for more."""
    known = [
        Row(
            str(place),
            one.name,
            ", ".join(one.sites),
            ", ".join(one.channels),
            *("" if number is None else str(number) for number in _numbers(one)),
        )
        for place, one in enumerate(targets.targets, 1)
    ]
    return [*known, *(Row() for _ in range(BLANK))]


def sent(given: QueryDict) -> list[Row]:
    """What came over the wire: each field once a row."""
    columns = [[short(text.strip(), 400) for text in given.getlist(name)] for name in FIELDS]
    rows = min(TARGETS_MAX + BLANK, max(len(column) for column in columns))
    return [Row(*(column[n] if n < len(column) else "" for column in columns)) for n in range(rows)]


def targets_of(
    rows: Sequence[Row], sites: Sequence[str], channels: Sequence[str]
) -> tuple[Targets, dict[str, str]]:
    """What they say, in the order of their places; and target -> what cannot be read. A row that says nothing
    is none. sites, channels: the codes there are."""
    errors: dict[str, str] = {}
    told: list[tuple[float, int, Target]] = []
    for number, row in enumerate(rows, 1):
        if not any(row[1:]):
            continue
        what = row.name or f"row {number}"
        numbers: dict[str, int | None] = {}
        for name, problem in _NUMBERS.items():
            text: str = getattr(row, name)
            if text and not (text.isascii() and text.lstrip("-").isdecimal() and len(text) < 9):
                errors[what] = problem
            else:
                numbers[name] = int(text) if text else None
        names = {"sites": _codes(row.sites), "channels": _codes(row.channels)}
        for name, known in (("sites", sites), ("channels", channels)):
            if unknown := [code for code in names[name] if code not in known]:
                errors[what] = f"there is no {unknown[0]!r} among the {name}"
        if what not in errors:
            place = numbers.pop("place")
            last = float("inf") if place is None else place
            told.append((last, number, Target(row.name, **names, **numbers)))  # type: ignore[arg-type]
    return Targets(1, tuple(one for _, _, one in sorted(told, key=lambda each: each[:2]))), errors


def _numbers(one: Target) -> tuple[int | None, ...]:
    return (one.priority_min, one.pick_minutes, one.pack_minutes, one.dispatch_minutes)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for part in text.split(",") if (code := part.strip())))
