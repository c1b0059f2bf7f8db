"""Changing an order: a form in, one action, back to the order with a word about it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.timezone import now

from quartermaster.allocation.actions import reroute as route_again
from quartermaster.channels.actions import pay_out as let_shop_pay
from quartermaster.console.gate import actor
from quartermaster.console.notices import Undo, tell
from quartermaster.console.orders.words import hold_title, units
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.orders import actions
from quartermaster.orders.ports import Address

_TEXT_MAX = 500


def place_hold(request: HttpRequest, number: str) -> HttpResponse:
    """POST /orders/SO-1/holds"""
    given = request.POST
    kind, because = given.get("kind", ""), _text(given, "because")
    actions.hold(
        number, kind=kind, because=because, expires_at=_day(given, "until"), at=now(), by=actor(request)
    )
    undo = Undo(f"/orders/{number}/holds/{kind}/release", {"because": "placed by mistake"})
    tell(request, f"Held: {hold_title(kind).lower()}.", undo=undo)
    return _back(request, number)


def release_hold(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """POST /orders/SO-1/holds/fraud/release"""
    because = _text(request.POST, "because")
    actions.release_hold(number, kind=kind, because=because, at=now(), by=actor(request))
    undo = Undo(f"/orders/{number}/holds", {"kind": kind, "because": "released by mistake"})
    tell(request, f"Hold released: {hold_title(kind).lower()}.", undo=undo)
    return _back(request, number)


def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """POST /orders/SO-1/cancel: everything, or with `some` the units given per line."""
    given = request.POST
    lines = _quantities(given) if given.get("some") else None
    actions.cancel(
        number,
        because=_text(given, "because"),
        lines=lines,
        version=_version(given),
        at=now(),
        by=actor(request),
    )
    tell(request, f"Cancelled {units(sum(lines.values()))}." if lines else "Cancelled.")
    return _back(request, number)


def set_address(request: HttpRequest, number: str) -> HttpResponse:
    """POST /orders/SO-1/address"""
    given = request.POST
    ship_to = Address(
        name=_text(given, "name"),
        company=_text(given, "company"),
        line1=_text(given, "line1"),
        line2=_text(given, "line2"),
        city=_text(given, "city"),
        region=_text(given, "region"),
        postcode=_text(given, "postcode"),
        country=_text(given, "country").upper(),
        phone=_text(given, "phone"),
    )
    actions.edit(
        number,
        ship_to=ship_to,
        version=_version(given),
        because=_text(given, "because"),
        at=now(),
        by=actor(request),
    )
    tell(request, "The shipping address was changed.")
    return _back(request, number)


def reroute(request: HttpRequest, number: str) -> HttpResponse:
    """POST /orders/SO-1/routing: by today's rules, or from the site a person names."""
    given = request.POST
    location = _text(given, "location") or None
    route_again(number, location=location, because=_text(given, "because"), at=now(), by=actor(request))
    tell(request, f"Routed to {location} by hand." if location else "Routed again by today's rules.")
    return _back(request, number)


def pay_out(request: HttpRequest, number: str, refund: str) -> HttpResponse:
    """POST /orders/SO-1/refunds/R-2/pay: the shop gives it back."""
    let_shop_pay(refund, note=_text(request.POST, "note"), at=now(), by=actor(request))
    tell(request, f"{refund} is on its way: the shop is asked to give it back.")
    return _back(request, number)


def _back(request: HttpRequest, number: str) -> HttpResponse:
    """To the order, within the list one came from."""
    within = request.POST.get("within", "")
    return redirect(f"/orders/{number}{within if within.startswith('?') else ''}")


def _text(given: QueryDict, name: str) -> str:
    return short(given.get(name, "").strip(), _TEXT_MAX)


def _version(given: Mapping[str, object]) -> int | None:
    """The version the form was drawn from: whoever was faster wins, and the other is told."""
    text = str(given.get("version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _quantities(given: QueryDict) -> dict[int, int]:
    """line id -> units, from fields named units-ID; empty and 0 are left out. Raises Invalid."""
    found, errors = {}, {}
    for name, text in given.items():
        line = name.removeprefix("units-")
        if line == name or not str(text).strip("0 "):
            continue
        if line.isdecimal() and str(text).isdecimal() and len(line) < 19 and len(str(text)) < 10:
            found[int(line)] = int(str(text))
        else:
            errors[name] = "must be a whole number"
    if errors or not found:
        raise Invalid(
            what="The cancellation", errors=errors or {"units": "of at least one line must be given"}
        )
    return found


def _day(given: QueryDict, name: str) -> datetime | None:
    """The start (UTC) of a day given as 2026-11-30. Raises Invalid."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Invalid(what="The hold", errors={name: "must be a day, as 2026-11-30"}) from None
