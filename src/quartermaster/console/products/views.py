"""The quality of the products: the whole, one cause, one product."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.catalog.queries import states
from quartermaster.catalog.queries.edits import changes_of
from quartermaster.catalog.queries.edits import edit as change
from quartermaster.catalog.rules.columns import COLUMNS, shown
from quartermaster.channels.queries.contents import of_sku
from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import Undo, tell
from quartermaster.console.orders.queries import user_names
from quartermaster.console.orders.timeline import actor as named
from quartermaster.console.products import words
from quartermaster.console.products.told import stands
from quartermaster.core.errors import NotFound
from quartermaster.core.texts import short, whole
from quartermaster.quality.actions import fix_findings, ignore, look_after_all, look_at_all
from quartermaster.quality.actions.fix import Fixed
from quartermaster.quality.queries import differences
from quartermaster.quality.queries import findings as read
from quartermaster.quality.rules.causes import CAUSES

NEXT = 10


def products(request: HttpRequest) -> HttpResponse:
    """GET /products"""
    stands = read.stands()
    counted = read.counts()
    context = {
        "section": "products",
        "stands": stands,
        "sentence": words.sentence(stands),
        "causes": [(one, words.severity(one.severity)) for one in counted if one.open],
        "clear": [one for one in counted if not one.open],
        "next": [(one, words.score(one.score)) for one in read.worth_mending(NEXT)],
    }
    return render(request, "products/products.html", context)


def look(request: HttpRequest) -> HttpResponse:
    """POST /products: look at everything anew."""
    look_at_all()
    tell(request, "Every product is looked at anew; that takes some seconds.")
    return redirect("products")


def cause(request: HttpRequest, cause: str) -> HttpResponse:
    """GET /products/causes/no-weight?show=&after="""
    told = CAUSES.get(cause)
    if told is None:
        raise NotFound(what="kind of finding", which=short(cause, 60))
    asked = texts(request, "show", "after")
    show = one_of(asked["show"], words.SHOWS) or "open"
    found = read.findings(cause=cause, show=show, after=asked["after"])  # type: ignore[arg-type]  # one of them
    (counted,) = [one for one in read.counts() if one.cause == cause]
    keep = {} if show == "open" else {"show": show}
    numbers = {"open": counted.open, "fixable": counted.fixable, "ignored": counted.ignored}
    context = {
        "section": "products",
        "cause": told,
        "word": words.severity(told.severity),
        "counted": counted,
        "rows": found.items,
        "show": show,
        "tabs": [(name, title, numbers[name], name == show) for name, title in words.SHOWS.items()],
        "nothing": words.NOTHING[show],
        "newer": f"?{urlencode(keep)}" if asked["after"] else None,
        "older": f"?{urlencode({**keep, 'after': found.next})}" if found.next else None,
    }
    return render(request, "products/cause.html", context)


def act(request: HttpRequest, cause: str) -> HttpResponse:
    """POST /products/causes/no-weight: fix one or all, let one be, or count it again."""
    _act(request, cause)
    return redirect("products-cause", cause=cause)


def product(request: HttpRequest, code: str) -> HttpResponse:
    """GET /products/sku/LAMP"""
    graded = read.grade(code)
    facts = states([code])[code].facts
    history = changes_of(code)
    names = user_names({edit.made_by.removeprefix("user:") for _, edit in history})
    context = {
        "section": "products",
        "graded": graded,
        "tone": words.score(graded.score),
        "rows": [(one, words.severity(one.severity), CAUSES[one.cause]) for one in read.of_sku(code)],
        "cells": [(column, shown(name, facts)) for name, column in COLUMNS.items()],
        "said": differences.said(code),
        "differences": differences.of_sku(code),
        "told": [stands(one) for one in of_sku(code)],
        "shops": sorted(graded.channels.items()),
        "history": [(row, edit, words.KINDS[edit.kind], named(edit.made_by, names)) for row, edit in history],
    }
    return render(request, "products/product.html", context)


def mend(request: HttpRequest, code: str) -> HttpResponse:
    """POST /products/sku/LAMP: as on the page of a cause."""
    _act(request, "")
    return redirect("product", code=code)


def _act(request: HttpRequest, cause: str) -> None:
    given = request.POST
    number = given.get("finding", "")
    found = whole(number, 17)
    ids = [] if found is None else [found]
    match given.get("what"):
        case "all" if cause:
            _say(request, fix_findings(cause=cause, at=now(), by=actor(request)))
        case "ignore":
            because = short(given.get("because", ""), 500)
            ignore(ids, because=because, at=now(), by=actor(request))
            undo = Undo(request.path, {"what": "look", "finding": number})
            tell(request, "It is let be as long as it says the same.", undo=undo)
        case "look":
            look_after_all(ids, at=now(), by=actor(request))
            tell(request, "It counts again.")
        case _:
            _say(request, fix_findings(ids, at=now(), by=actor(request)))


def _say(request: HttpRequest, fixed: Fixed) -> None:
    """What was fixed, with the way back."""
    if fixed.edit is None:
        refused = "; ".join(f"{name}: {why}" for name, why in fixed.refused.items())
        have = "listing has" if fixed.mapped == 1 else "listings have"
        tell(request, short(f"{fixed.mapped} {have} a SKU now. {refused}", 900))
        return
    edit = change(fixed.edit)
    tell(
        request,
        f"Change {edit.id}: {words.became(edit)}.",
        undo=Undo(reverse("products-change", args=[edit.id]), {"what": "undo"}) if edit.changed else None,
    )
