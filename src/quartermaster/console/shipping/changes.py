"""Labels asked for and given back, parcels scanned out, manifests closed: a form in, one action."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.console.asked import one_of
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.money import BadAmount, to_minor
from quartermaster.core.texts import short
from quartermaster.shipping import actions
from quartermaster.shipping.queries.address_policy import AddressPolicy
from quartermaster.shipping.queries.customs import declared
from quartermaster.shipping.queries.parcels import listed, parcel
from quartermaster.shipping.queries.shipments import parcel_id_of
from quartermaster.shipping.rules import ByHand
from quartermaster.shipping.rules.customs import PURPOSES, Contents

_TEXT_MAX = 500
_ROWS_MAX = 200


def buy(request: HttpRequest, number: str) -> HttpResponse:
    """POST /parcels/P-7/label: by the rules, or the service a person names with a reason."""
    carrier, _, service = _text(request, "service").partition("/")
    by_hand = ByHand(carrier, service, _text(request, "because")) if service else None
    actions.buy_label(number, by_hand=by_hand, at=now(), by=actor(request))
    tell(request, f"A label for {number} is being bought.")
    return redirect("parcel", number=number)


def declare(request: HttpRequest, number: str) -> HttpResponse:
    """POST /parcels/P-7/contents: why its order is sent, and what a unit is worth."""
    one, told = declared(parcel_id_of(number))
    worth: dict[str, int] = {}
    errors: dict[str, str] = {}
    for row in told.rows:
        given = _text(request, f"worth {row.sku}").replace(",", ".")
        try:
            worth |= {row.sku: to_minor(given, told.currency)} if given else {}
        except BadAmount as error:
            errors[f"worth {row.sku}"] = str(error)
    if errors:
        raise Invalid(what="The form", errors=errors)
    purpose = one_of(request.POST.get("purpose", ""), PURPOSES) or "sale"
    contents = msgspec.convert({"purpose": purpose, "worth": worth}, Contents)
    actions.declare_contents(one.order_id, contents, at=now(), by=actor(request))
    tell(request, f"SO-{one.order_id} is declared as {PURPOSES[purpose].lower()}.")
    return redirect("parcel", number=number)


def void(request: HttpRequest, number: str) -> HttpResponse:
    """POST /parcels/P-7/void"""
    actions.void_label(number, because=_text(request, "because"), at=now(), by=actor(request))
    tell(request, f"The label of {number} is being given back.")
    return redirect("parcel", number=number)


def check_address(request: HttpRequest, number: str) -> HttpResponse:
    """POST /parcels/P-7/address: it says what a carrier thinks, and holds nothing."""
    found = actions.check_address(parcel(number).order, at=now(), by=actor(request))
    because = " ".join(found.checked.because)
    tell(request, f"{found.account} calls the address {found.checked.verdict}. {because}".strip())
    return redirect("parcel", number=number)


def take_address(request: HttpRequest, number: str) -> HttpResponse:
    """POST /orders/SO-7/address-suggestion: it goes where the carrier would write it. take: it was pressed in
    the list, which is shown again."""
    actions.take_suggestion(number, at=now(), by=actor(request))
    tell(request, f"{number} goes to the address as the carrier writes it.")
    if request.POST.get("take"):
        within = request.POST.get("within", "")
        return redirect(f"{reverse('orders')}{within if within.startswith('?') else ''}")
    return redirect("order", number=number)


def address_policy(request: HttpRequest) -> HttpResponse:
    """POST /ship/addresses: whether carriers are asked about addresses by themselves."""
    countries = tuple(each.strip().upper() for each in _text(request, "countries").split(",") if each.strip())
    policy = AddressPolicy(bool(request.POST.get("is_on")), countries)
    actions.set_address_policy(policy, because=_text(request, "because"), at=now(), by=actor(request))
    tell(request, "Carriers are asked about addresses." if policy.is_on else "Nobody is asked by itself.")
    return redirect("ship-rules")


def buy_return(request: HttpRequest, number: str) -> HttpResponse:
    """POST /parcels/P-7/return"""
    on_scan, because = bool(request.POST.get("on_scan")), _text(request, "because")
    actions.buy_return(number, is_paid_on_scan=on_scan, because=because, at=now(), by=actor(request))
    tell(request, f"A return label for {number} is being bought.")
    return redirect("parcel", number=number)


def void_return(request: HttpRequest, number: str) -> HttpResponse:
    """POST /parcels/P-7/return/void"""
    actions.void_return(number, because=_text(request, "because"), at=now(), by=actor(request))
    tell(request, f"The return label of {number} is being given back.")
    return redirect("parcel", number=number)


def again(request: HttpRequest) -> HttpResponse:
    """POST /ship/again: ask anew for every label that was refused."""
    refused = [row.id for row in listed("refused", limit=_ROWS_MAX).items]
    asked = actions.buy_labels(refused, at=now(), by=actor(request))
    tell(request, f"Asked again for {len(asked)} label{'' if len(asked) == 1 else 's'}.")
    return redirect("ship")


def pause(request: HttpRequest, carrier: str) -> HttpResponse:
    """POST /ship/carriers/post: it is offered nothing any more; `moves_labels`: what is in the house goes
    with others."""
    moves, because = bool(request.POST.get("moves_labels")), _text(request, "because")
    actions.pause(short(carrier, 80), because=because, moves_labels=moves, at=now(), by=actor(request))
    tell(request, f"{carrier} is paused." + (" Its labels are being given back." if moves else ""))
    return redirect("ship")


def resume(request: HttpRequest, carrier: str) -> HttpResponse:
    """POST /ship/carriers/post/resume"""
    actions.resume(short(carrier, 80), at=now(), by=actor(request))
    tell(request, f"{carrier} is offered parcels again.")
    return redirect("ship")


def scan(request: HttpRequest) -> HttpResponse:
    """POST /ship/scan: a tracking number or a parcel's."""
    scanned = actions.scan_out(_text(request, "code"), at=now(), by=actor(request))
    how = "is on" if scanned.is_new else "was on"
    tell(request, f"{scanned.parcel} {how} {scanned.manifest}{'' if scanned.is_new else ' already'}.")
    return redirect("ship")


def close(request: HttpRequest, number: str) -> HttpResponse:
    """POST /manifests/M-3/close: the carrier has it all."""
    closed = actions.close_manifest(number, at=now(), by=actor(request))
    how = "is" if closed.is_new else "was"
    words = [
        f"{closed.manifest} {how} closed: {closed.parcels} parcel{'' if closed.parcels == 1 else 's'} left."
    ]
    words += [f"P-{each.parcel_id} stays: {each.because}." for each in closed.stay[:5]]
    tell(request, " ".join(words))
    return redirect("ship")


def _text(request: HttpRequest, name: str) -> str:
    return short(request.POST.get(name, "").strip(), _TEXT_MAX)
