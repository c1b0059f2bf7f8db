"""Shipping rules: read in words, tried on the last parcels, put in force one at a time."""

import re
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.money import BadAmount, to_minor
from quartermaster.core.texts import short
from quartermaster.shipping import actions
from quartermaster.shipping.ports import ChecksAddresses
from quartermaster.shipping.queries.address_policy import address_policy
from quartermaster.shipping.queries.carriers import accounts_with
from quartermaster.shipping.queries.preview import Preview, preview
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules.preferences import Preference, problems, sentence

_LISTS = ("carriers", "services", "sites", "countries", "postcodes", "tags")
_MONEY = ("value_from", "value_under", "penalty")
_GRAMS = ("weight_from_g", "weight_under_g")
_SHOWN = 20
_DOES = (
    ("never", "forbids these services"),
    ("others", "allows only these services"),
    ("more", "counts them dearer by"),
    ("less", "counts them cheaper by"),
    ("options", "asks for options only"),
)


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/rules"""
    return _page(request)


def write(request: HttpRequest) -> HttpResponse:
    """POST /ship/rules: try a further rule on the last parcels (do=look), or put it in force (do=keep)"""
    tables = tables_in_force().tables
    rule, errors = _sent(request, tables.currency)
    wanted = (*tables.preferences, rule)
    if errors:
        return _page(request, errors=errors)
    if request.POST.get("do") != "keep":
        return _page(request, tried=preview(wanted), rule=rule)
    version = request.POST.get("version", "")
    basis = int(version) if version.isdecimal() and len(version) < 10 else None
    try:
        actions.write_preferences(wanted, because=rule.because, version=basis, at=now(), by=actor(request))
    except Invalid as error:
        return _page(request, errors=[f"{name}: {wrong}" for name, wrong in error.errors.items()])
    tell(request, "The rule is in force from the next label on.")
    return redirect("ship-rules")


def remove(request: HttpRequest, nth: int) -> HttpResponse:
    """POST /ship/rules/2/remove"""
    tables = tables_in_force().tables
    if not 1 <= nth <= len(tables.preferences):
        raise NotFound(what="shipping rule", which=nth)
    version = request.POST.get("version", "")
    basis = int(version) if version.isdecimal() and len(version) < 10 else None
    gone = tables.preferences[nth - 1]
    left = tables.preferences[: nth - 1] + tables.preferences[nth:]
    because = f"without: {gone.because}"
    actions.write_preferences(left, because=because, version=basis, at=now(), by=actor(request))
    tell(request, "The rule is out of force; older choices keep it as their reason.")
    return redirect("ship-rules")


def _page(
    request: HttpRequest,
    *,
    errors: Sequence[str] = (),
    tried: Preview | None = None,
    rule: Preference | None = None,
) -> HttpResponse:
    found = tables_in_force()
    tables = found.tables
    services = {each.code for carrier in tables.carriers for each in carrier.products}
    context = {
        "section": "ship",
        "rules": [(each, sentence(each, tables.currency)) for each in tables.preferences],
        "version": tables.version,
        "why": found.because,
        "currency": tables.currency,
        "given": request.POST if request.method == "POST" else {},
        "errors": errors,
        "tried": tried,
        "shown": tried.changes[:_SHOWN] if tried else (),
        "less_minor": -tried.dearer_minor if tried else 0,
        "does": _DOES,
        "says": sentence(rule, tables.currency) if rule else "",
        "carriers": ", ".join(each.code for each in tables.carriers),
        "services": ", ".join(sorted(services)),
        "addresses": address_policy(),
        "can_check": bool(accounts_with(ChecksAddresses)),
    }
    return render(request, "shipping/rules.html", context)


def _sent(request: HttpRequest, currency: str) -> tuple[Preference, list[str]]:
    """The rule in the form, and what is wrong with it."""
    text = {name: short(value.strip(), 500) for name, value in request.POST.items() if isinstance(value, str)}
    errors: list[str] = []
    lists = {name: tuple(filter(None, re.split(r"[,\s]+", text.get(name, "")))) for name in _LISTS}
    lists["countries"] = tuple(each.upper() for each in lists["countries"])
    minor = {name: _minor(text.get(name, ""), currency, name, errors) for name in _MONEY}
    grams = {name: _grams(text.get(name, ""), name, errors) for name in _GRAMS}
    does = text.get("does", "")
    rule = Preference(
        carriers=lists["carriers"],
        services=lists["services"],
        sites=lists["sites"],
        countries=lists["countries"],
        postcodes=lists["postcodes"],
        tags=lists["tags"],
        weight_from_g=grams["weight_from_g"],
        weight_under_g=grams["weight_under_g"],
        because=text.get("because", ""),
        others=does == "others",
        is_forbidden=does in ("never", "others"),
        penalty_minor=-minor["penalty"] if does == "less" else minor["penalty"] if does == "more" else 0,
        needs_signature=bool(text.get("needs_signature")),
        is_insured=bool(text.get("is_insured")),
        hazmat=text.get("hazmat", ""),
        value_from_minor=minor["value_from"],
        value_under_minor=minor["value_under"],
    )
    return rule, errors or list(problems(rule))


def _minor(text: str, currency: str, name: str, errors: list[str]) -> int:
    try:
        return to_minor(text, currency) if text else 0
    except BadAmount:
        errors.append(f"{name.replace('_', ' ')} is no amount")
        return 0


def _grams(text: str, name: str, errors: list[str]) -> int:
    if not text:
        return 0
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    errors.append(f"{name.replace('_', ' ')} is no whole number")
    return 0
