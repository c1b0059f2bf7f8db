"""The prices of a shop: its rule, its guards, what is held back, and what a person does about it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.channels import actions
from quartermaster.channels.queries.bulk import under_way
from quartermaster.channels.queries.prices import lists as read
from quartermaster.channels.queries.prices import shown
from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.prices import words
from quartermaster.console.prices.forms import Form
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short, storable

CHOSEN_MAX = 500


def shop(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /prices/shops/acme?show=&q=&after="""
    found = read.pricing_of(slug)
    asked = texts(request, "show", "q", "after")
    show = one_of(asked["show"], words.SHOWS) or "all"
    wanted: dict[str, str] = {"asked": asked["q"].strip(), "after": asked["after"]}
    page = shown.listing_prices(slug, show=show, **wanted)  # type: ignore[arg-type]  # one of the shows
    keep = {name: value for name, value in (("show", show), ("q", asked["q"])) if value not in ("", "all")}
    currency = found.currency
    context = {
        "section": "prices",
        "shop": found,
        "sentence": words.sentence(found),
        "bulk": under_way(slug, "prices"),
        "lists": [one.name for one in read.price_lists()],
        "texts": [
            ("factor", "Times", words.factor(found.factor_bp)),
            ("amount", f"Plus, {currency}", words.amount(found.amount_minor, currency)),
            ("step", f"Prices lie apart, {currency}", words.amount(found.step_minor, currency)),
            ("ending", f"And end in, {currency}", words.amount(found.ending_minor, currency)),
            ("fee_percent", "Fee of the marketplace, %", words.percent(found.fee_bp)),
            ("fee", f"And for each unit, {currency}", words.amount(found.fee_minor, currency)),
            ("tax_percent", "Tax in the price, %", words.percent(found.tax_bp)),
            ("margin_percent", "Margin at least, % of the net", words.percent(found.margin_bp)),
            ("change_percent", "Change at most, % (empty: any)", found.change_percent or ""),
            ("period_days", "Within days", found.period_days),
            ("time_zone", "Time zone of the shop", found.time_zone),
        ],
        "rows": [(row, words.stands(row)) for row in page.items],
        "tabs": [(name, title, name == show) for name, title in words.SHOWS.items()],
        "show": show,
        "q": asked["q"],
        "nothing": words.NOTHING[show],
        "can_let": show == "blocked",
        "can_choose": show == "blocked" or (show == "trouble" and found.mode == found.shop_mode == "live"),
        "newer": f"?{urlencode(keep)}" if asked["after"] else None,
        "older": f"?{urlencode({**keep, 'after': page.next})}" if page.next else None,
    }
    return render(request, "prices/shop.html", context)


def change(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /prices/shops/acme: its rule, whether it is told, prices let out or sent again."""
    at, by = now(), actor(request)
    chosen = [storable(one) for one in request.POST.getlist("listing")[:CHOSEN_MAX]]
    because = short(request.POST.get("because", "").strip(), 1000)
    match request.POST.get("do"):
        case "let":
            let = actions.let_through(slug, chosen, because=because, at=at, by=by)
            tell(request, f"{let:,} {'prices are' if let != 1 else 'price is'} let through.")
            return redirect(f"{reverse('prices-shop', args=[slug])}?show=blocked")
        case "push":
            if not chosen and request.POST.get("of") != "all":
                raise Invalid(what="The prices", errors={"listing": "choose which are sent again"})
            sent = actions.push_prices_now(slug, chosen, at=at, by=by)
            tell(request, f"{sent:,} {'prices are' if sent != 1 else 'price is'} sent once more.")
        case _:
            told, lets = _told(request, slug)
            actions.set_pricing(slug, told, lets=lets, because=because, at=at, by=by)
            tell(request, "Kept. The prices follow within seconds.")
    return redirect("prices-shop", slug=slug)


def _told(request: HttpRequest, slug: str) -> tuple[dict[str, object], int | None]:
    currency = read.pricing_of(slug).currency
    name = storable(request.POST.get("price_list", "").strip())
    if name:
        currency = read.price_list(name).currency
    form = Form(request.POST, currency)
    told: dict[str, object] = {
        "mode": form.text("mode"),
        "price_list": name or None,
        "fee_bp": form.hundredths("fee_percent"),
        "tax_bp": form.hundredths("tax_percent"),
        "margin_bp": form.hundredths("margin_percent"),
        "change_percent": form.whole("change_percent") if form.text("change_percent") else None,
        "period_days": form.whole("period_days"),
        "stops_without_cost": "stops_without_cost" in request.POST,
        "time_zone": form.text("time_zone") or "UTC",
        "factor_bp": form.factor("factor"),
    }
    if currency:
        told |= {
            "amount_minor": form.minor("amount") or 0,
            "step_minor": form.minor("step") or 1,
            "ending_minor": form.minor("ending") or 0,
            "fee_minor": form.minor("fee") or 0,
        }
    lets = form.whole("lets") if form.text("lets") else None
    form.check("The prices of the shop")
    return told, lets


def blocked(request: HttpRequest) -> HttpResponse:
    """GET /prices/blocked: what is held back, in every shop."""
    after = texts(request, "after")["after"]
    page = shown.listing_prices(show="blocked", after=after)
    context = {
        "section": "prices",
        "rows": page.items,
        "newer": "?" if after else None,
        "older": f"?{urlencode({'after': page.next})}" if page.next else None,
    }
    return render(request, "prices/blocked.html", context)
