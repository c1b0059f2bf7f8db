"""The box at the top of every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quartermaster.console.orders.words import STATUS
from quartermaster.console.search import queries
from quartermaster.core.texts import short


def search(request: HttpRequest) -> HttpResponse:
    """GET /search?q=: a page, or what hangs below the box. One hit opens at once when asked for as a page."""
    asked = short(request.GET.get("q", "").strip(), 80)
    found = queries.find(asked) if asked else queries.Found([], [], [])
    shown: dict[str, object] = {
        "search_for": asked,
        "orders": [(order, STATUS[order.status]) for order in found.orders],
        "skus": found.skus,
        "pages": found.pages,
    }
    if request.headers.get("HX-Request"):  # there the browser itself offers the commands of its page
        shown |= {"pages": [], "has_commands": asked.replace(" ", "").isalpha()}
        return render(request, "search/found.html", shown)
    if len(found.pages) == 1 and not (found.orders or found.skus):
        return redirect(found.pages[0].path)
    if len(found.orders) == 1 and not found.skus:
        return redirect("order", found.orders[0].number)
    if len(found.skus) == 1 and not found.orders:
        return redirect("stock-sku", found.skus[0].code)
    return render(request, "search/search.html", shown)
