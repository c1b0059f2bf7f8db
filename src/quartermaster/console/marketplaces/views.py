"""How we stand with each marketplace, and the orders that count."""

from datetime import timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import actor
from quartermaster.console.kpi.line import HEIGHT, WIDTH, lines
from quartermaster.console.marketplaces import words
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.core.texts import short
from quartermaster.marketplaces import actions
from quartermaster.marketplaces.queries.counted import contested, counted
from quartermaster.marketplaces.queries.officials import compared, newest_officials
from quartermaster.marketplaces.queries.reports import reports
from quartermaster.marketplaces.queries.shops import shop as shop_of
from quartermaster.marketplaces.queries.shops import shops
from quartermaster.marketplaces.queries.standings import past, rolling, standing_of, standings

_SECTION = "marketplaces"
_RECENT = timedelta(days=30)


def marketplaces(request: HttpRequest) -> HttpResponse:
    """GET /marketplaces"""
    found = standings()
    theirs = newest_officials(now().date() - _RECENT)
    groups = [
        (slug, country, [words.tile(one, theirs) for one in rows])
        for (slug, country), rows in groupby(found, key=lambda one: (one.slug, one.country))
    ]
    context = {
        "section": _SECTION,
        "groups": groups,
        "shops": shops(),
        "computed_at": min((one.computed_at for one in found), default=None),
    }
    return render(request, "marketplaces/marketplaces.html", context)


def measure(request: HttpRequest, slug: str, measure: str) -> HttpResponse:
    """GET /marketplaces/acme/odr?country=DE&days=60&side=unsure&after="""
    asked = texts(request, "country", "days", "side", "after")
    days = int(asked["days"]) if asked["days"].isdecimal() and len(asked["days"]) < 4 else None
    shop = shop_of(slug)
    stands = standing_of(slug, measure, asked["country"], days)
    side = one_of(asked["side"], ("unsure",))
    span = (shop.id, stands.measure, stands.country, stands.first_on, stands.last_on)
    found = counted(*span, is_defect=not side, after=asked["after"])
    names = user_names((one.actor or "").partition(":")[2] for one in found.items if one.actor)
    query = {"country": stands.country, "days": stands.window_days}
    context = {
        "section": _SECTION,
        "shop": shop,
        "tile": words.tile(stands),
        "it": stands,
        "terms": words.terms_told(stands.terms),
        "windows": standings(slug, measure, stands.country),
        "side": side,
        "query": urlencode(query),
        "rows": [(one, names.get((one.actor or "").removeprefix("user:"), one.actor)) for one in found.items],
        "older": found.next,
        "contested": contested(*span)[0],
        "officials": [
            words.official(one, stands.terms) for one in compared(shop, stands.measure, stands.country)
        ],
        "report": reports(shop)["figures"],
        "today": stands.day_on,
        "rolled": words.rolled(rolling(shop, stands), stands.terms),
        "lines": lines(words.line(past(shop, stands))),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return render(request, "marketplaces/measure.html", context)


def contest(request: HttpRequest, slug: str, measure: str, counted_id: int) -> HttpResponse:
    """POST /marketplaces/acme/odr/counted/7"""
    because = short(request.POST.get("because", "").strip(), 1000)
    number = actions.contest(counted_id, because=because, at=now(), by=actor(request))
    tell(request, f"Kept with {number}. It counts until the marketplace takes it out.")
    where = {name: short(request.POST.get(name, ""), 10) for name in ("country", "days")}
    return redirect(f"{reverse('marketplaces-measure', args=(slug, measure))}?{urlencode(where)}")
