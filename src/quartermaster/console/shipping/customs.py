"""Who we are for customs: the numbers on papers, by country and by site."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.fields import Field, elsewhere
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.core.errors import Invalid
from quartermaster.core.money import BadAmount, Money, to_minor
from quartermaster.core.texts import short
from quartermaster.shipping import actions
from quartermaster.shipping.queries.customs import profile
from quartermaster.shipping.queries.customs_versions import profile_in_force, profile_versions
from quartermaster.shipping.rules.customs import FIRST, Limit, Profile, Site
from quartermaster.stock.queries.locations import locations

WHO_PAYS = (("DAP", "the receiver (DAP)"), ("DDP", "we (DDP)"))
_LIMIT = "CH CHF 300.00 2000 2026-07-01 who says so"
_TEXT_MAX, _AREA_MAX, _CHANGES = 500, 20_000, 10


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/customs"""
    return _page(request, profile())


def write(request: HttpRequest) -> HttpResponse:
    """POST /ship/customs"""
    sites = [one.code for one in locations()]
    sent = request.POST.dict().items()
    given = {name: short(str(text).replace("\r", "").strip(), _AREA_MAX) for name, text in sent}
    errors: dict[str, str] = {}
    wanted = Profile(
        exporter=given.get("exporter", "")[:_TEXT_MAX],
        eori=_numbers("eori", given, errors),
        ioss=given.get("ioss", ""),
        incoterm="DDP" if given.get("incoterm") == "DDP" else "DAP",
        sites={code: own for code in sites if (own := _site(code, given, errors)) != Site()},
        forms=_limits(given.get("forms", ""), errors),
    )
    if not errors:
        try:
            because = given.get("because", "")[:_TEXT_MAX]
            actions.write_customs(wanted, because=because, from_on=_day(given), at=now(), by=actor(request))
        except Invalid as refusal:
            errors = {_field(name): wrong for name, wrong in refusal.errors.items()}
    if errors:
        return _page(request, profile(), given=given, errors=errors)
    tell(request, f"Papers say this from {given.get('from_on') or 'now'} on.")
    return redirect("ship-customs")


def _page(
    request: HttpRequest,
    known: Profile,
    *,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    wrong = errors or {}
    values = _values(known) if given is None else given
    own = (
        Field("exporter", "Exporter: name and address", kind="area", hint="Northlight GmbH, Berlin"),
        Field("eori", "EORI numbers, a country a line", kind="area", hint="EU DE123456789012345"),
        Field("ioss", "IOSS number", hint="IM2760000742"),
        Field("incoterm", "Duties are paid by", "DAP", kind="select", choices=WHO_PAYS),
        Field("forms", "Limits of the CN22, a post a line", kind="area", hint=_LIMIT),
    )
    fields = [field.filled(values, wrong) for field in own]
    sites = [(one, [field.filled(values, wrong) for field in _fields_of(one.code)]) for one in locations()]
    shown = [*fields, *(field for _, mine in sites for field in mine)]
    versions = profile_versions(most=_CHANGES)
    names = user_names(one.by.removeprefix("user:") for one in versions)
    context = {
        "section": "ship",
        "fields": fields,
        "sites": [(one, mine, any(each.value or each.wrong for each in mine)) for one, mine in sites],
        "elsewhere": elsewhere(wrong, shown),
        "built_in": FIRST,
        "versions": [(one, names.get(one.by.removeprefix("user:"), one.by)) for one in versions],
        "in_force": profile_in_force().version,
    }
    return render(request, "shipping/customs.html", context, status=422 if errors else 200)


def _day(given: Mapping[str, str]) -> date | None:
    """The first day the form names. Raises Invalid."""
    try:
        return date.fromisoformat(given["from_on"]) if given.get("from_on") else None
    except ValueError:
        raise Invalid(what="The form", errors={"from_on": "a day such as 2026-12-31"}) from None


def _fields_of(code: str) -> tuple[Field, ...]:
    return (
        Field(f"exporter@{code}", "Exporter", kind="area", hint="as the company"),
        Field(f"eori@{code}", "EORI numbers", kind="area", hint="as the company"),
        Field(f"ioss@{code}", "IOSS number", hint="as the company"),
    )


def _values(known: Profile) -> dict[str, str]:
    """The profile as its form has it."""
    own = {
        "exporter": known.exporter,
        "eori": _lines(known.eori),
        "ioss": known.ioss,
        "incoterm": known.incoterm,
    }
    for code, site in known.sites.items():
        own |= {
            f"exporter@{code}": site.exporter,
            f"eori@{code}": _lines(site.eori),
            f"ioss@{code}": site.ioss,
        }
    limits = (
        f"{one.country} {one.currency} {Money(one.value_max_minor, one.currency).decimal} {one.weight_max_g}"
        f" {one.from_on} {one.source}"
        for one in known.forms
    )
    return own | {"forms": "\n".join(limits)}


def _lines(numbers: Mapping[str, str]) -> str:
    return "\n".join(f"{country} {number}" for country, number in sorted(numbers.items()))


def _site(code: str, given: Mapping[str, str], errors: dict[str, str]) -> Site:
    return Site(
        exporter=given.get(f"exporter@{code}", "")[:_TEXT_MAX],
        eori=_numbers(f"eori@{code}", given, errors),
        ioss=given.get(f"ioss@{code}", ""),
    )


def _numbers(name: str, given: Mapping[str, str], errors: dict[str, str]) -> dict[str, str]:
    """A line for each country: its letters, a blank, the number."""
    found = {}
    for line in filter(None, map(str.strip, given.get(name, "").splitlines())):
        country, _, number = line.partition(" ")
        if not number.strip():
            errors[name] = f"{short(line, 40)}: a country, a blank, the number"
        found[country.upper()] = number.strip()
    return found


def _limits(text: str, errors: dict[str, str]) -> tuple[Limit, ...]:
    """A line for each: country, currency, value, grams, first day, who says so."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = line.split(maxsplit=5)
        try:
            country, currency, value, grams, from_on, source = parts
            told = {"country": country, "currency": currency, "weight_max_g": int(grams), "source": source}
            told |= {"from_on": from_on, "value_max_minor": to_minor(Decimal(value), currency)}
            found.append(msgspec.convert(told, Limit))
        except (ValueError, ArithmeticError, BadAmount, msgspec.ValidationError):
            errors["forms"] = f"{short(line, 60)}: such as {_LIMIT}"
    return tuple(found)


def _field(name: str) -> str:
    """The field of the form where what the action found belongs: sites BER eori DE -> eori@BER."""
    words = name.split()
    return f"{words[2]}@{words[1]}" if words[0] == "sites" and len(words) > 2 else words[0]
