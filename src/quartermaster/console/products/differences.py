"""Where shops say something else of a product than we do: by field, and what they say becomes ours."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.catalog.queries.edits import edit
from quartermaster.catalog.rules.columns import COLUMNS
from quartermaster.channels.queries.contents import latest, pushed
from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import Undo, tell
from quartermaster.console.products.told import asked_for, stands
from quartermaster.console.products.words import became
from quartermaster.core.texts import short
from quartermaster.quality.actions import push_ours, take_theirs
from quartermaster.quality.actions.push_ours import TOLD
from quartermaster.quality.queries.differences import COUNTED_MAX, FIELDS, counts, differences

_NUMBER = re.compile("[0-9]{1,17}")
SINGULAR = {"title": "title", "barcodes": "barcode", "weight_g": "weight"}


def page(request: HttpRequest) -> HttpResponse:
    """GET /products/differences?field=&after="""
    asked = texts(request, "field", "after")
    field = one_of(asked["field"], FIELDS) or FIELDS[0]
    found = differences(field, after=asked["after"])  # type: ignore[arg-type]  # one of them
    counted = counts()
    told = latest([row.id for row in found.items], TOLD[field])  # type: ignore[index]
    context = {
        "section": "products",
        "field": field,
        "what": SINGULAR[field],
        "rows": [(row, stands(told[row.id]) if row.id in told else None) for row in found.items],
        "tabs": [(name, COLUMNS[name].title, counted[name], name == field) for name in FIELDS],
        "most": COUNTED_MAX,
        "newer": f"?field={field}" if asked["after"] else None,
        "older": f"?field={field}&after={found.next}" if found.next else None,
    }
    return render(request, "products/differences.html", context)


def settle(request: HttpRequest) -> HttpResponse:
    """POST /products/differences: the chosen listings are told what we say, or what they say becomes ours."""
    return _push(request) if request.POST.get("what") == "push" else _take(request)


def _push(request: HttpRequest) -> HttpResponse:
    given = request.POST
    field = one_of(given.get("field", ""), FIELDS) or FIELDS[0]
    marks = dict(one.split(".", 1) for one in given.getlist("seen") if "." in one)
    chosen = {
        int(one): short(marks.get(one, ""), 12) for one in given.getlist("listing") if _NUMBER.fullmatch(one)
    }
    because = short(given.get("because", ""), 500)
    push = push_ours(chosen, field, because=because, at=now(), by=actor(request))  # type: ignore[arg-type]
    made = pushed(push)
    undo = Undo(reverse("products-push", args=[push]), {"what": "undo"}) if made.waiting else None
    tell(request, f"Push {push}: {asked_for(made)}.", undo=undo)
    return redirect(f"{reverse('products-told')}?push={push}")


def _take(request: HttpRequest) -> HttpResponse:
    given = request.POST
    field = one_of(given.get("field", ""), FIELDS) or FIELDS[0]
    ids = [int(one) for one in given.getlist("listing") if _NUMBER.fullmatch(one)]
    made = edit(take_theirs(ids, field, at=now(), by=actor(request)))  # type: ignore[arg-type]  # one of them
    undo = Undo(reverse("products-change", args=[made.id]), {"what": "undo"}) if made.changed else None
    tell(request, f"Change {made.id}: {became(made)}.", undo=undo)
    if sku := given.get("sku", ""):
        return redirect("product", code=sku)
    return redirect(f"{reverse('products-differences')}?field={field}")
