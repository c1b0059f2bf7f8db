"""What marketplaces hold us to: as published, and as people wrote it from a day on."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.fields import Field, elsewhere
from quartermaster.console.gate import actor
from quartermaster.console.marketplaces.words import DATED, terms_told
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.marketplaces.actions import write_terms
from quartermaster.marketplaces.jobs import count_soon
from quartermaster.marketplaces.queries.shops import shops
from quartermaster.marketplaces.queries.terms import TermsShown, published, written
from quartermaster.marketplaces.rules.published import KINDS
from quartermaster.marketplaces.rules.terms import PPM, TITLES, Counts, Dated, Measure, Terms

_GOOD = ("vtr", "otdr")  # published as a share of what went well
_TEXT_MAX = 1000
_NAMES = ("marketplace", "country", "measure", "from_on", "windows", "target", "warn", "strict", "dated_by")
_MORE = ("counts", "ends_days_ago", "least_n", "counts_auto", "because")


def page(request: HttpRequest) -> HttpResponse:
    """GET /marketplaces/terms"""
    return _page(request)


def write(request: HttpRequest) -> HttpResponse:
    """POST /marketplaces/terms"""
    given = {name: short(request.POST.get(name, "").strip(), _TEXT_MAX) for name in (*_NAMES, *_MORE)}
    errors: dict[str, str] = {}
    terms, from_on = _terms(given, errors), _day(given["from_on"], errors)
    if given["measure"] not in TITLES:
        errors["measure"] = "one of the list"
    if errors or terms is None:
        return _page(request, given=given, errors=errors)
    measure = Measure(given["measure"])
    try:
        first = write_terms(
            given["marketplace"],
            given["country"].upper(),
            measure,
            terms,
            from_on=from_on,
            because=given["because"],
            at=now(),
            by=actor(request),
        )
    except Invalid as refusal:
        return _page(request, given=given, errors=refusal.errors)
    count_soon()
    tell(request, f"{TITLES[measure]} is held to this from {first.day} {first:%b %Y} on.")
    return redirect("marketplaces-terms")


def _terms(given: Mapping[str, str], errors: dict[str, str]) -> Terms | None:
    """Percentages as the marketplace publishes them: of VTR and OTDR what must go right."""
    is_good = given["measure"] in _GOOD
    target, warn = (_share(given[name], name, is_good, errors) for name in ("target", "warn"))
    windows = [one.strip() for one in given["windows"].split(",")]
    whole = {name: given[name] or "0" for name in ("ends_days_ago", "least_n")}
    for name, text in (*whole.items(), *(("windows", one) for one in windows)):
        if not (text.isascii() and text.isdecimal() and len(text) < 7):
            errors[name] = "whole numbers" if name == "windows" else "a whole number"
    for name, known in (("dated_by", Dated), ("counts", Counts)):
        if given[name] not in list(known):
            errors[name] = "one of the list"
    if errors:
        return None
    return Terms(
        windows=tuple(int(one) for one in windows),
        limit_ppm=target,
        warn_ppm=warn,
        dated_by=Dated(given["dated_by"]),
        counts=Counts(given["counts"]),
        is_strict=bool(given["strict"]),
        reads_good=is_good,
        ends_days_ago=int(whole["ends_days_ago"]),
        least_n=int(whole["least_n"]),
        counts_auto=bool(given["counts_auto"]),
    )


def _share(text: str, name: str, is_good: bool, errors: dict[str, str]) -> int:
    try:
        ppm = Decimal(text.replace(",", ".").rstrip("% ")) * 10_000
        if not ppm.is_finite() or ppm != int(ppm) or not 0 <= ppm <= PPM:
            raise InvalidOperation
    except InvalidOperation:
        errors[name] = "a percentage such as 2.5"
        return 0
    return PPM - int(ppm) if is_good else int(ppm)


def _day(text: str, errors: dict[str, str]) -> date | None:
    try:
        return msgspec.convert(text, date) if text else None
    except msgspec.ValidationError:
        errors["from_on"] = "a day such as 2026-12-31"
        return None


def _fields(kinds: list[str]) -> tuple[Field, ...]:
    dated = tuple((str(one), f"the day {told}") for one, told in DATED.items())
    return (
        Field("marketplace", "Marketplace", kind="select", choices=tuple((one, one) for one in kinds)),
        Field("country", "Country, two letters", hint="all others"),
        Field("measure", "Measure", kind="select", choices=tuple((str(m), t) for m, t in TITLES.items())),
        Field("from_on", "From day; empty: today, where it is", kind="date"),
        Field("windows", "Windows in days", hint="10, 30", is_required=True),
        Field("target", "Target in percent", hint="4", is_required=True),
        Field("warn", "Amber from, in percent", hint="3", is_required=True),
        Field("dated_by", "Belongs to", kind="select", choices=dated),
        Field("counts", "Counts", kind="select", choices=tuple((str(one), f"{one}s") for one in Counts)),
        Field("ends_days_ago", "Window ended, days ago", "1", is_required=True),
        Field("least_n", "Only from so many on", "0"),
        Field("strict", "The target itself is too much", kind="tick"),
        Field("counts_auto", "What the marketplace cancels for want of shipping counts", kind="tick"),
        Field("because", "Why, and who says so", is_required=True),
    )


def _together() -> list[tuple[TermsShown, str, str, str]]:
    """What is published, a line for all countries of which the same is."""
    alike: dict[tuple[object, ...], list[TermsShown]] = {}
    for one in published():
        alike.setdefault((one.marketplace, one.measure, one.from_on, one.terms), []).append(one)
    return [
        (of[0], ", ".join(one.country for one in of), TITLES[of[0].measure], terms_told(of[0].terms))
        for of in alike.values()
    ]


def _page(
    request: HttpRequest,
    *,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    wrong = errors or {}
    asked = texts(request, "marketplace")
    kinds = sorted({*KINDS, *(one.kind for one in shops())})
    values = asked if given is None else given
    fields = [field.filled(values, wrong) for field in _fields(kinds)]
    ours = written()
    names = user_names(one.actor.partition(":")[2] for one in ours if one.actor.startswith("user:"))
    context = {
        "section": "marketplaces",
        "published": _together(),
        "written": [
            (
                one,
                TITLES[one.measure],
                terms_told(one.terms),
                names.get(one.actor.removeprefix("user:"), one.actor),
            )
            for one in ours
        ],
        "fields": fields,
        "elsewhere": elsewhere(wrong, fields),
    }
    return render(request, "marketplaces/terms.html", context, status=422 if errors else 200)
