"""The tariff: what destinations take for goods that come in, read, written a line at a time, ended."""

from collections.abc import Mapping
from datetime import date

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.fields import Field, elsewhere
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import named
from quartermaster.core.errors import Invalid
from quartermaster.core.queries.timeline import newest
from quartermaster.core.texts import short
from quartermaster.shipping import actions
from quartermaster.shipping.queries.tariff import tariff_listed
from quartermaster.shipping.rules.tariff_rows import COLUMNS, rate

KINDS = {
    "duty": "Duty",
    "vat": "Tax on goods that come in",
    "duty_free": "No duty up to",
    "vat_free": "No tax up to",
    "fee": "Fee of a carrier",
}
_DAY = "2026-12-31"
FIELDS = (
    Field("kind", "It is", "duty", kind="select", choices=tuple(KINDS.items())),
    Field("country", "Country, two letters", is_required=True),
    Field("hs_prefix", "HS code begins with", hint="any"),
    Field("origin", "Goods made in", hint="any"),
    Field("percent", "Percent", hint="6.5"),
    Field("amount", "Amount", hint="150.00"),
    Field("currency", "Currency", hint="EUR"),
    Field(
        "basis", "Of", "goods", kind="select", choices=(("goods", "the goods"), ("cif", "goods and freight"))
    ),
    Field("carrier", "With carrier", hint="any"),
    Field("service", "and service", hint="any"),
    Field("from_on", "From day", kind="date", is_required=True),
    Field("until_on", "To day", kind="date"),
    Field("source", "Who says so", is_required=True),
    Field("example", "Only an example", kind="tick"),
)
_TEXT_MAX = 500
_VERSIONS = 10


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/tariff?country=&after=&all=1"""
    return _page(request)


def write(request: HttpRequest) -> HttpResponse:
    """POST /ship/tariff: one line, its fields named as the columns of a table are."""
    given = {name: short(request.POST.get(name, "").strip(), _TEXT_MAX) for name in (*COLUMNS, "because")}
    line, errors = rate(given)
    wrong = dict(errors) | ({} if given["because"] else {"because": "say why"})
    if line is None or wrong:
        return _page(request, given=given, errors=wrong)
    changed = actions.write_tariff([line], because=given["because"], at=now(), by=actor(request))
    tell(request, "The line is in the tariff." if changed else "That line was there already.")
    return redirect("ship-tariff")


def end(request: HttpRequest, line_id: int) -> HttpResponse:
    """POST /ship/tariff/17/end"""
    try:
        last_on = msgspec.convert(request.POST.get("last_on", ""), date)
    except msgspec.ValidationError:
        raise Invalid(what="The form", errors={"last_on": f"a day such as {_DAY}"}) from None
    because = short(request.POST.get("because", "").strip(), _TEXT_MAX)
    actions.end_tariff(line_id, last_on=last_on, because=because, at=now(), by=actor(request))
    tell(request, "The line ends.")
    return redirect("ship-tariff")


def _page(
    request: HttpRequest,
    *,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    asked, today = texts(request, "country", "after", "all"), now().date()
    country, wrong = asked["country"].strip().upper(), errors or {}
    found = tariff_listed(country=country, holds_on=None if asked["all"] else today, after=asked["after"])
    values = {"from_on": today.isoformat(), "country": country} if given is None else given
    fields = [field.filled(values, wrong) for field in (*FIELDS, Field("because", "Why", is_required=True))]
    context = {
        "section": "ship",
        "rows": [(row, KINDS[row.kind], row.percent_bp / 100) for row in found.items],
        "country": country,
        "is_all": bool(asked["all"]),
        "today": today,
        "next": found.next,
        "fields": fields,
        "elsewhere": elsewhere(wrong, fields),
        "versions": named(newest("tariff", limit=_VERSIONS)),
    }
    return render(request, "shipping/tariff.html", context, status=422 if errors else 200)
