"""What a marketplace says itself, typed in or brought as a table."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.marketplaces.uploads import uploaded
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.marketplaces.actions import tell_official
from quartermaster.marketplaces.queries.shops import shop as shop_of
from quartermaster.marketplaces.queries.terms import terms_of
from quartermaster.marketplaces.rules.official import COLUMNS, REQUIRED, Told, official
from quartermaster.marketplaces.rules.sheets import rows_of


def write(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /marketplaces/acme/official: one row of a form, or a file of them: all of it or nothing, and what
    is wrong with each row."""
    shop = shop_of(slug)
    where = short(request.POST.get("country", "").strip().upper(), 2)
    written = terms_of(shop.kind)
    if text := uploaded(request):
        rows, wrong = rows_of(text, REQUIRED)
        if wrong:
            raise Invalid(what="The table", errors={"file": wrong})
    else:
        rows = [(1, {name: short(request.POST.get(name, ""), 40) for name in COLUMNS})]
    told: list[Told] = []
    errors: dict[str, str] = {}
    for line, given in rows:
        one, why = official(given, written, where or shop.first_country)
        if one is not None:
            told.append(one)
        for name, said in why.items():
            errors[f"line {line}, {name}" if text else name] = said
    if errors:
        raise Invalid(what="What the marketplace says", errors=errors)
    news = tell_official(shop, told, source="file" if text else "person", at=now(), by=actor(request))
    tell(request, f"{news} kept." if news else "That was known already.")
    first = told[0]
    address = reverse("marketplaces-measure", args=(slug, first.measure))
    return redirect(f"{address}?country={first.country}#official")
