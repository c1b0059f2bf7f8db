"""The list of goods that may not go everywhere: read, written, ended."""

from datetime import date

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.catalog.actions import lift, restrict
from quartermaster.catalog.queries import restrictions_listed
from quartermaster.catalog.rules.restriction_rows import COLUMNS, restriction
from quartermaster.console.asked import texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short

LEVELS = {"prohibited": "Prohibited", "restricted": "After a look"}
_TEXT_MAX = 500


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/restricted?country=&after="""
    asked = texts(request, "country", "after")
    today = now().date()
    found = restrictions_listed(country=asked["country"].upper(), on=today, after=asked["after"])
    return render(
        request,
        "shipping/restricted.html",
        {
            "section": "ship",
            "rows": [(row, LEVELS[row.level]) for row in found.items],
            "levels": LEVELS.items(),
            "country": asked["country"].upper(),
            "today": today,
            "next": found.next,
        },
    )


def write(request: HttpRequest) -> HttpResponse:
    """POST /ship/restricted: one line, its fields named as the columns of a table are."""
    given = {name: short(request.POST.get(name, "").strip(), _TEXT_MAX) for name in COLUMNS}
    line, errors = restriction(given)
    if line is None:
        raise Invalid(what="The line", errors=errors)
    changed = restrict([line], at=now(), by=actor(request))
    tell(request, "The line is on the list." if changed else "That line was there already.")
    return redirect("ship-restricted")


def end(request: HttpRequest, restriction_id: int) -> HttpResponse:
    """POST /ship/restricted/17/end"""
    try:
        last_on = msgspec.convert(request.POST.get("last_on", ""), date)
    except msgspec.ValidationError:
        raise Invalid(what="The form", errors={"last_on": "a day such as 2026-12-31"}) from None
    because = short(request.POST.get("because", "").strip(), _TEXT_MAX)
    lift(restriction_id, last_on=last_on, because=because, at=now(), by=actor(request))
    tell(request, "The line ends.")
    return redirect("ship-restricted")
