"""What is given back for parcels nobody took: read, changed with a reason, and every version that was."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.fields import Field, elsewhere
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import named
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.money import BadAmount, Money, to_minor
from quartermaster.core.queries.versions import history, in_force
from quartermaster.core.texts import short
from quartermaster.money.actions import write_policy
from quartermaster.money.queries.policy import POLICY
from quartermaster.money.rules.returned import Policy

_TEXT_MAX = 2_000
FIELDS = (
    Field("refunds", "Give the goods' price back", kind="tick"),
    Field("refunds_shipping", "Give what was paid for shipping back", kind="tick"),
    Field("fee_minor", "Kept of each parcel, a currency a line", kind="area", hint="EUR 4.90"),
    Field("because", "Why", is_required=True),
)


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/given-back"""
    return _page(request)


def write(request: HttpRequest) -> HttpResponse:
    """POST /ship/given-back"""
    given = {name: short(request.POST.get(name, "").strip(), _TEXT_MAX) for name in _NAMES}
    errors: dict[str, str] = {}
    wanted = Policy(
        bool(given["refunds"]), bool(given["refunds_shipping"]), _fees(given["fee_minor"], errors)
    )
    basis = int(given["version"]) if given["version"].isdecimal() and len(given["version"]) < 10 else None
    if errors:
        return _page(request, given=given, errors=errors)
    try:
        write_policy(wanted, basis=basis, because=given["because"], at=now(), by=actor(request))
    except Invalid as refusal:
        found = {name.partition(".")[0]: wrong for name, wrong in refusal.errors.items()}
        return _page(request, given=given, errors=found)
    except Refused as refusal:
        return _page(request, given=given, errors={"": f"{refusal.title} {refusal.remedy}"}, status=409)
    tell(request, "This is given back for parcels that come back from now on.")
    return redirect("refund-policy")


_NAMES = (*(field.name for field in FIELDS), "version")


def _page(
    request: HttpRequest,
    *,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 422,
) -> HttpResponse:
    found, wrong = in_force(POLICY), errors or {}
    fields = [field.filled(_values(found.content) if given is None else given, wrong) for field in FIELDS]
    context = {
        "section": "ship",
        "fields": fields,
        "version": found.version,
        "versions": [(one, _told(one.content), who) for one, who in named(history(POLICY))],
        "first": _told(POLICY.first),
        "elsewhere": [each.removeprefix(": ") for each in elsewhere(wrong, fields)],
    }
    return render(request, "shipping/refund_policy.html", context, status=status if errors else 200)


def _values(policy: Policy) -> dict[str, str]:
    fees = (f"{code} {Money(minor, code).decimal}" for code, minor in sorted(policy.fee_minor.items()))
    ticks = {"refunds": policy.refunds, "refunds_shipping": policy.refunds_shipping}
    return {name: "yes" if is_on else "" for name, is_on in ticks.items()} | {"fee_minor": "\n".join(fees)}


def _told(policy: Policy) -> str:
    """The policy as a sentence."""
    if not policy.refunds:
        return "nothing is given back"
    fees = " or ".join(str(Money(minor, code)) for code, minor in sorted(policy.fee_minor.items()))
    goods = f"the goods' price, less {fees} a parcel" if fees else "the goods' price"
    return f"{goods}, {'with' if policy.refunds_shipping else 'without'} shipping"


def _fees(text: str, errors: dict[str, str]) -> dict[str, int]:
    """A line for each currency: its code, a blank, the amount."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        code, _, amount = line.partition(" ")
        try:
            found[code.upper()] = to_minor(amount.strip().replace(",", "."), code.upper())
        except BadAmount as error:
            errors["fee_minor"] = f"{short(line, 40)}: {error}"
    return found
