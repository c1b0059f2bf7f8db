"""Price lists, what stands on one, and what a SKU costs everywhere."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.channels import actions
from quartermaster.channels.actions.prices.put import PutResult
from quartermaster.channels.queries.prices import lists as read
from quartermaster.channels.queries.prices import shown
from quartermaster.channels.rules.prices.rows import PriceRow, pasted
from quartermaster.console.asked import texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.prices import words
from quartermaster.console.prices.forms import Form
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short, storable, whole

PASTED_MAX = 1_000_000  # characters
OUTCOMES = {"new": "is-good", "changed": "is-accent", "removed": "is-warn", "refused": "is-bad", "same": ""}


def prices(request: HttpRequest) -> HttpResponse:
    """GET /prices"""
    context = {
        "section": "prices",
        "lists": read.price_lists(),
        "shops": [(shop, words.sentence(shop)) for shop in read.pricing()],
        "held": read.batches(held=True),
    }
    return render(request, "prices/prices.html", context)


def make(request: HttpRequest) -> HttpResponse:
    """POST /prices: a list is made."""
    form = Form(request.POST)
    told = _rules(form)
    form.check("The price list")
    name = short(form.text("name"), 255)
    actions.make_list(name, form.text("currency").upper(), **told, at=now(), by=actor(request))
    tell(request, f"{name} is there. Write prices on it, and let shops follow it.")
    return redirect("prices-list", name=name)


def _rules(form: Form) -> dict[str, Any]:
    return {
        "far_percent": form.whole("far_percent"),
        "far_rows": form.whole("far_rows"),
        "needs_two": form.is_ticked("needs_two"),
        "market": form.text("market").upper(),
        "shows_was": form.is_ticked("shows_was"),
    }


def change(request: HttpRequest, name: str) -> HttpResponse:
    """POST /prices/rules/Retail: how wary it is, and what its shops show of a sale."""
    form, known = Form(request.POST), read.price_list(storable(name)).name
    told = _rules(form)
    form.check("The price list")
    actions.set_list(known, told, at=now(), by=actor(request))
    tell(request, "Kept. What shops show follows within seconds.")
    return redirect("prices-list", name=known)


def decide(request: HttpRequest, batch_id: int) -> HttpResponse:
    """POST /prices/changes/7: let a held change through, or take it back."""
    because = short(request.POST.get("because", "").strip(), 1000)
    if request.POST.get("do") == "let":
        written = actions.let_batch(batch_id, because=because, at=now(), by=actor(request))
        tell(request, f"{written:,} prices are written. They follow to the shops within seconds.")
    else:
        actions.withdraw_batch(batch_id, because=because, at=now(), by=actor(request))
        tell(request, "Nothing of it is written.")
    return redirect("prices")


def on_list(request: HttpRequest, name: str) -> HttpResponse:
    """GET /prices/lists/Retail?q=&after="""
    return _list(request, storable(name))


def write(request: HttpRequest, name: str) -> HttpResponse:
    """POST /prices/lists/Retail: look at pasted prices, write them, plan a sale or take it back."""
    found, at, by = read.price_list(storable(name)), now(), actor(request)
    match request.POST.get("do"):
        case "sale":
            _plan(request, found)
            tell(request, "Planned. It ends by itself at its moment.")
        case "withdraw":
            number = request.POST.get("sale", "")
            actions.withdraw_sale(whole(number) or 0, at=at, by=by)
            tell(request, "The sale is taken back.")
        case what:
            text = _sent(request)
            said = pasted(text, found.currency)
            rows, is_preview = _taken_off(request, said.rows), what != "write"
            if not rows:
                return _list(request, found.name, text=text, problems=said.problems or ((0, "no rows"),))
            result = actions.put_prices(found.name, rows, is_preview=is_preview, at=at, by=by)
            return _list(request, found.name, text=text, problems=said.problems, result=result)
    return redirect("prices-list", name=found.name)


def _sent(request: HttpRequest) -> str:
    """What was pasted, or the file that was chosen."""
    sent = request.FILES.get("file")
    if sent is None or sent.size is None:
        return storable(request.POST.get("rows", ""))[:PASTED_MAX]
    if sent.size > PASTED_MAX:
        raise Invalid(what="The file", errors={"file": "at most a megabyte"})
    try:
        return storable(sent.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Invalid(what="The file", errors={"file": "CSV in UTF-8"}) from None


def _taken_off(request: HttpRequest, rows: tuple[PriceRow, ...]) -> tuple[PriceRow, ...]:
    return tuple(PriceRow(row.sku, None) for row in rows) if "takes_off" in request.POST else rows


def _plan(request: HttpRequest, found: read.PriceListShown) -> None:
    form = Form(request.POST, found.currency)
    price = form.minor("price")
    starts_at, ends_at = form.moment("starts_at"), form.moment("ends_at")
    form.check("The sale")
    actions.plan_sale(
        found.name,
        short(form.text("sku"), 255),
        price_minor=price or 0,
        starts_at=starts_at,
        ends_at=ends_at,
        because=short(form.text("because"), 1000),
        at=now(),
        by=actor(request),
    )


def _list(
    request: HttpRequest,
    name: str,
    *,
    text: str = "",
    problems: tuple[tuple[int, str], ...] = (),
    result: PutResult | None = None,
) -> HttpResponse:
    found, asked = read.price_list(name), texts(request, "q", "after")
    page = read.list_prices(found.name, asked=asked["q"].strip(), after=asked["after"], at=now())
    zones = sorted({shop.time_zone for shop in read.pricing() if shop.price_list == found.name} - {"UTC"})
    keep = {"q": asked["q"]} if asked["q"] else {}
    context: dict[str, Any] = {
        "section": "prices",
        "list": found,
        "before": words.before(found),
        "rows": page.items,
        "sales": [
            (sale, [(words.there(sale.starts_at, zone), words.there(sale.ends_at, zone)) for zone in zones])
            for sale in read.sales(name=found.name, is_open=True)
        ],
        "held": read.batches(name=found.name, held=True),
        "q": asked["q"],
        "newer": f"?{urlencode(keep)}" if asked["after"] else None,
        "older": f"?{urlencode({**keep, 'after': page.next})}" if page.next else None,
        "text": text,
        "problems": problems,
        "result": result,
        "results": [(row, OUTCOMES[row.outcome]) for row in result.rows[:500]] if result else (),
        "counts": _counts(result) if result else "",
    }
    is_wrong = bool(problems) and result is None
    return render(request, "prices/list.html", context, status=422 if is_wrong else 200)


def _counts(result: PutResult) -> str:
    outcomes = [row.outcome for row in result.rows]
    said = [f"{outcomes.count(one):,} {one}" for one in OUTCOMES if one in outcomes]
    blocked = sum(1 for row in result.rows if row.blocked)
    return ", ".join([*said, *([f"{blocked:,} held back in a shop"] if blocked else [])])


def sku(request: HttpRequest, code: str) -> HttpResponse:
    """GET /prices/skus/LAMP: by each list, and in each shop with its arithmetic."""
    at = now()
    found = shown.everywhere(storable(code), at=at)
    channels: list[shown.ListingPriceShown] = found["channels"]  # type: ignore[assignment]  # as it says
    context = {
        "section": "prices",
        "sku": code,
        "lists": found["lists"],
        "sales": found["sales"],
        "channels": [
            (row, words.stands(row), shown.price_explained(row.connection, row.listing, at))
            for row in channels[:50]
        ],
    }
    return render(request, "prices/sku.html", context)
