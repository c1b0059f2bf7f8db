"""Where shops say something else of a product than we do: by field, and what they say becomes ours."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.catalog.queries.edits import edit
from quartermaster.catalog.rules.columns import COLUMNS
from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import Undo, tell
from quartermaster.console.products.words import became
from quartermaster.quality.actions import take_theirs
from quartermaster.quality.queries.differences import COUNTED_MAX, FIELDS, counts, differences

_NUMBER = re.compile("[0-9]{1,17}")
SINGULAR = {"title": "title", "barcodes": "barcode", "weight_g": "weight"}


def page(request: HttpRequest) -> HttpResponse:
    """GET /products/differences?field=&after="""
    asked = texts(request, "field", "after")
    field = one_of(asked["field"], FIELDS) or FIELDS[0]
    found = differences(field, after=asked["after"])  # type: ignore[arg-type]  # one of them
    counted = counts()
    context = {
        "section": "products",
        "field": field,
        "what": SINGULAR[field],
        "rows": found.items,
        "tabs": [(name, COLUMNS[name].title, counted[name], name == field) for name in FIELDS],
        "most": COUNTED_MAX,
        "newer": f"?field={field}" if asked["after"] else None,
        "older": f"?field={field}&after={found.next}" if found.next else None,
    }
    return render(request, "products/differences.html", context)


def take(request: HttpRequest) -> HttpResponse:
    """POST /products/differences: take over what the chosen listings say."""
    given = request.POST
    field = one_of(given.get("field", ""), FIELDS) or FIELDS[0]
    ids = [int(one) for one in given.getlist("listing") if _NUMBER.fullmatch(one)]
    made = edit(take_theirs(ids, field, at=now(), by=actor(request)))  # type: ignore[arg-type]  # one of them
    undo = Undo(reverse("products-change", args=[made.id]), {"what": "undo"}) if made.changed else None
    tell(request, f"Change {made.id}: {became(made)}.", undo=undo)
    if sku := given.get("sku", ""):
        return redirect("product", code=sku)
    return redirect(f"{reverse('products-differences')}?field={field}")
