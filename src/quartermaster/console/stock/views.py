"""Reading stock."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartermaster.channels.queries.listings import listings_of_sku
from quartermaster.console.listings.words import kept_back, stands
from quartermaster.console.orders.queries import user_names
from quartermaster.console.orders.timeline import actor
from quartermaster.console.stock import queries
from quartermaster.core.texts import short

_WORLD = {
    "world:supplier": "a supplier",
    "world:customer": "a customer",
    "world:scrap": "scrap",
    "world:adjustment": "a correction",
}
_POLICY = {"deny": "Never sold without stock", "backorder": "May wait for stock", "preorder": "Sold ahead"}


def stock(request: HttpRequest) -> HttpResponse:
    """GET /stock?q=&after="""
    asked = short(request.GET.get("q", "").strip(), 80)
    after = short(request.GET.get("after", ""))
    found = queries.skus(asked=asked, after=after)
    keep = {"q": asked} if asked else {}
    return render(
        request,
        "stock/stock.html",
        {
            "section": "stock",
            "skus": found.items,
            "q": asked,
            "is_first": not after,
            "newer": f"?{urlencode(keep)}" if after else None,
            "older": f"?{urlencode({**keep, 'after': found.next})}" if found.next else None,
        },
    )


def sku(request: HttpRequest, code: str) -> HttpResponse:
    """GET /stock/LAMP?after="""
    shown = queries.sku(code)
    ledger = queries.movements(shown.id, after=request.GET.get("after", ""))
    names = user_names({move.actor.removeprefix("user:") for move in ledger.items})
    return render(
        request,
        "stock/sku.html",
        {
            "section": "stock",
            "sku": shown,
            "sentence": _sentence(shown),
            "policy": _POLICY.get(shown.policy, shown.policy),
            "parts": queries.parts(shown.id) if shown.is_kit else [],
            "movements": [_told(move, names) for move in ledger.items],
            "older": f"?after={ledger.next}" if ledger.next else None,
            "newer": "?" if request.GET.get("after") else None,
            "listings": [(row, stands(row), kept_back(row)) for row in listings_of_sku(shown.id)],
            "promises": queries.promises(shown.id),
            "promises_max": queries.PROMISES_MAX,
        },
    )


def _sentence(shown: queries.Stocked) -> str:
    if shown.is_kit:
        return "A kit: it is not stocked itself; its parts are reserved and picked."
    if not shown.sites:
        return "No unit of it has ever been anywhere."
    if not shown.available:
        return "Nothing of it can be sold now."
    there = ", ".join(f"{site.location} {site.available:,}" for site in shown.sites if site.available)
    return f"{shown.available:,} can be sold now: {there}."


def _told(move: queries.Moved, names: dict[str, str]) -> dict[str, object]:
    comes, goes = move.source.startswith("world:"), move.target.startswith("world:")
    return {
        "move": move,
        "sign": "+" if comes and not goes else "−" if goes and not comes else "",
        "tone": "good" if comes else "bad" if goes else "soft",
        "source": _place(move.source, move.source_state),
        "target": _place(move.target, move.target_state),
        "actor": actor(move.actor, names),
        "document": move.document.removeprefix("order:"),
    }


def _place(code: str, state: str) -> str:
    told = _WORLD.get(code, code)
    return told if state == "available" or code in _WORLD else f"{told} ({state.replace('_', ' ')})"
