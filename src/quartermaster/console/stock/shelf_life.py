"""How long a lot must still be good for what a channel sold."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.inbox.queries.connections import connections
from quartermaster.stock.actions import set_shelf_life
from quartermaster.stock.queries.shelf_life import shelf_life


def page(request: HttpRequest) -> HttpResponse:
    """GET /stock/shelf-life"""
    context = {"section": "stock", "rows": shelf_life(), "channels": [one.slug for one in connections()]}
    return render(request, "stock/shelf_life.html", context)


def write(request: HttpRequest) -> HttpResponse:
    """POST /stock/shelf-life: the days of a channel, or of one SKU there; empty days take the line away."""
    names = ("channel", "sku", "days", "because")
    given = {name: short(request.POST.get(name, "").strip(), 255) for name in names}
    days = None
    if given["days"]:
        if not (given["days"].isascii() and given["days"].isdecimal() and len(given["days"]) < 6):
            raise Invalid(what="The form", errors={"days": "a whole number, or nothing"})
        days = int(given["days"])
    changed = set_shelf_life(
        given["channel"], given["sku"], days, because=given["because"], at=now(), by=actor(request)
    )
    tell(request, "It holds from now on." if changed else "It was so already.")
    return redirect("shelf-life")
