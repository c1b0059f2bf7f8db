"""How long carriers may be silent, by carrier and country: looking at it, and changing it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor, who
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import named
from quartermaster.core.actions.versions import VersionMoved
from quartermaster.core.errors import Invalid
from quartermaster.core.queries.versions import history, in_force
from quartermaster.core.texts import short, whole
from quartermaster.tracking.actions.write_silence import write_silence
from quartermaster.tracking.queries.silence import SILENCE
from quartermaster.tracking.rules.silence import LANES_MAX, Lane, Silence

BLANK: Final = 2  # rows for new ones
FIELDS: Final = ("place", "name", "carriers", "countries", "no_scan_hours", "stuck_hours")


class Row(NamedTuple):
    """What the fields of one lane say, as they were written."""

    place: str = ""
    name: str = ""
    carriers: str = ""
    countries: str = ""
    no_scan_hours: str = ""
    stuck_hours: str = ""


def page(request: HttpRequest) -> HttpResponse:
    """GET /late/silence"""
    found = in_force(SILENCE)
    return _page(request, filled(found.content.lanes), {}, "", found.version)


def change(request: HttpRequest) -> HttpResponse:
    """POST /late/silence: all of them, and why"""
    at: datetime = now()
    rows, because = sent(request.POST), short(request.POST.get("because", "").strip(), 500)
    basis = request.POST.get("version", "")
    version = whole(basis, 8) or 0
    lanes, errors = lanes_of(rows)
    if not errors:
        wanted = Silence(1, lanes)
        try:
            made = write_silence(wanted, because=because, version=version, at=at, by=actor(request))
        except Invalid as error:
            errors = dict(error.errors)
        except VersionMoved as error:
            errors = {"": str(error)}
        else:
            tell(request, f"Version {made.version} holds for everything under way.")
            return redirect("late-silence")
    return _page(request, rows, errors, because, version)


def filled(lanes: Sequence[Lane]) -> list[Row]:
    """The form to change them with: rows for more stand before the last one, which matches everything."""
    known = [
        Row(
            str(10 * place),
            one.name,
            ", ".join(one.carriers),
            ", ".join(one.countries),
            str(one.no_scan_hours),
            str(one.stuck_hours),
        )
        for place, one in enumerate(lanes, 1)
    ]
    return [*known[:-1], *(Row() for _ in range(BLANK)), *known[-1:]]


def sent(given: QueryDict) -> list[Row]:
    """What came over the wire: each field once a row."""
    columns = [[short(text.strip(), 400) for text in given.getlist(name)] for name in FIELDS]
    rows = min(LANES_MAX + BLANK, max(len(column) for column in columns))
    return [Row(*(column[n] if n < len(column) else "" for column in columns)) for n in range(rows)]


def lanes_of(rows: Sequence[Row]) -> tuple[tuple[Lane, ...], dict[str, str]]:
    """What they say, in the order of their places; and lane -> what cannot be read. A row that says nothing
    is none; one without a place stays where it stands."""
    errors: dict[str, str] = {}
    told: list[tuple[int, int, Lane]] = []
    before = 0
    for number, row in enumerate(rows, 1):
        if not any(row[1:]):
            continue
        what = row.name or f"row {number}"
        numbers = [_whole(row.place) if row.place else before, *map(_whole, row[4:])]
        if None in numbers:
            errors[what] = "places and hours are whole numbers"
            continue
        place, no_scan, stuck = (number or 0 for number in numbers)
        before = place
        carriers = tuple(name.lower() for name in _names(row.carriers))
        countries = tuple(name.upper() for name in _names(row.countries))
        told.append((place, number, Lane(row.name, carriers, countries, no_scan, stuck)))
    return tuple(one for _, _, one in sorted(told, key=lambda each: each[:2])), errors


def _whole(text: str) -> int | None:
    return whole(text, 8)


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))


def _page(
    request: HttpRequest, rows: list[Row], errors: dict[str, str], because: str, version: int
) -> HttpResponse:
    context = {
        "section": "late",
        "rows": rows,
        "errors": errors,
        "because": because,
        "version": version,
        "may_change": who(request).may("ship:lead"),
        "versions": named(history(SILENCE)),
    }
    return render(request, "tracking/silence.html", context, status=422 if errors else 200)
