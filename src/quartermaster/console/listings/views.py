"""The listings of the shops, and one of them."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.channels.actions import map_listing, pull_now, push_now, set_policy
from quartermaster.channels.queries import listings as read
from quartermaster.channels.queries.bulk import under_way
from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import actor
from quartermaster.console.listings import words
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.texts import short

NUMBERS = ("buffer", "share_percent", "least")


def shops(request: HttpRequest) -> HttpResponse:
    """GET /listings"""
    found = [(shelf, words.sentence(shelf)) for shelf in read.shelves()]
    return render(request, "listings/shops.html", {"section": "listings", "shops": found})


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /listings/acme?show=&q=&after="""
    shelf = _shelf(slug)
    asked = texts(request, "show", "q", "after")
    show = one_of(asked["show"], words.SHOWS) or "all"
    found = read.listings(slug, show=show, asked=asked["q"].strip(), after=asked["after"])  # type: ignore[arg-type]  # one of them
    keep = {name: value for name, value in (("show", show), ("q", asked["q"])) if value not in ("", "all")}
    context = {
        "section": "listings",
        "shelf": shelf,
        "sentence": words.sentence(shelf),
        "bulk": under_way(slug, "stock"),
        "rows": [(row, words.stands(row), words.kept_back(row)) for row in found.items],
        "tabs": [(name, title, name == show) for name, title in words.SHOWS.items()],
        "show": show,
        "q": asked["q"],
        "nothing": words.NOTHING[show],
        "newer": f"?{urlencode(keep)}" if asked["after"] else None,
        "older": f"?{urlencode({**keep, 'after': found.next})}" if found.next else None,
    }
    return render(request, "listings/listings.html", context)


def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /listings/acme: read or send all of them now."""
    if request.POST.get("what") == "push":
        sent = push_now(slug, at=now(), by=actor(request))
        tell(request, f"{sent:,} listing{'s are' if sent != 1 else ' is'} sent once more.")
    else:
        pull_now(slug, at=now(), by=actor(request))
        tell(request, f"The listings of {slug} are being read.")
    return redirect("listings-shop", slug=slug)


def one(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /listings/acme/one?listing="""
    shelf = _shelf(slug)
    said = read.explained(slug, texts(request, "listing")["listing"])
    row = said.listing
    context = {
        "section": "listings",
        "shelf": shelf,
        "said": said,
        "row": row,
        "word": words.stands(row),
        "mapped": words.MAPPED[row.mapped_by],
        "told": [(each, words.OUTCOMES.get(each.outcome, each.outcome)) for each in said.told],
    }
    return render(request, "listings/listing.html", context)


def change(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /listings/acme/one: map it, change what is kept back, send it once more."""
    listing = short(request.POST.get("listing", ""), 255)
    match request.POST.get("what"):
        case "map":
            sku = short(request.POST.get("sku", "").strip(), 255)
            map_listing(slug, listing, sku=sku, at=now(), by=actor(request))
            tell(request, f"It is {sku}." if sku else "It is none of our SKUs.")
        case "push":
            push_now(slug, [listing], at=now(), by=actor(request))
            tell(request, "It is sent once more.")
        case _:
            set_policy(slug, {listing: _policy(request)}, at=now(), by=actor(request))
            tell(request, "Kept. The number follows within seconds.")
    return redirect(f"{reverse('listing', args=[slug])}?{urlencode({'listing': listing})}")


def _policy(request: HttpRequest) -> dict[str, object]:
    given: dict[str, object] = {name: _units(request, name) for name in NUMBERS}
    cap = request.POST.get("cap", "").strip()
    return {**given, "cap": _units(request, "cap") if cap else None, "is_pushed": "is_pushed" in request.POST}


def _units(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid(what="The form", errors={name: "must be a whole number"})
    return int(text)


def _shelf(slug: str) -> read.Shelf:
    for shelf in read.shelves(slug):
        return shelf
    raise NotFound(what="shop with listings", which=short(slug, 60))
