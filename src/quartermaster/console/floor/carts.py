"""Totes: put them on a cart, and scan one to see whose it is and what belongs into it."""

from uuid import uuid4

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartermaster.console.floor.scans import hear, number, typed
from quartermaster.console.gate import who
from quartermaster.console.models import FloorScan
from quartermaster.core.errors import NotFound, Refused
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.lists import pick_list
from quartermaster.warehouse.queries.totes import cart as slots_of
from quartermaster.warehouse.queries.totes import tote_contents

type Answer = HttpResponse


class CartFull(Refused):
    code = "cart-full"
    message = "Every slot of PL-{list_id} has its tote."
    remedy = "Say which slot this one is to stand in."


def totes(request: HttpRequest) -> Answer:
    """GET /floor/totes?scan="""
    text = typed(request.GET.get("scan", ""))
    context: dict[str, object] = {"section": "floor", "scan": text}
    if text:
        try:
            found = tote_contents(text)
        except NotFound:
            found = None
        if found is not None and who(request).is_at(found.location):
            context["tote"] = found
        else:
            context["wrong"] = f"{text} is on no cart."
    return render(request, "floor/tote.html", context, status=409 if "wrong" in context else 200)


def cart(request: HttpRequest, list_id: int) -> Answer:
    """GET /floor/carts/17"""
    return _shown(request, list_id)


def put(request: HttpRequest, list_id: int) -> Answer:
    """POST /floor/carts/17: a tote, under the scan's id. It goes into the slot that is said, else into the
    first empty one when its turn comes; one that stands on the cart already stays there."""

    def carry_out(scan: FloorScan) -> str:
        given = msgspec.json.decode(scan.text, type=dict[str, str])
        code, said = given.get("scan", ""), given.get("slot", "")
        slots = slots_of(list_id)
        there = next((one for one in slots if one.code == code and code), None)
        if there is not None and said in ("", str(there.slot)):
            return f"{code} stands in slot {there.slot}, for {there.order}."
        empty = [one.slot for one in slots if not one.code]
        if not said and not empty:
            raise CartFull(list_id=list_id)
        slot = number(said, "slot") if said else empty[0]
        actions.scan_tote(list_id, slot, code, at=scan.scanned_at, by=scan.by)
        order = next((one.order for one in slots if one.slot == slot), "")
        return f"{code} stands in slot {slot}, for {order}."

    return _shown(request, list_id, **hear(request, f"cart:{list_id}", carry_out, "slot", "scan"))


def _shown(request: HttpRequest, list_id: int, *, right: str = "", wrong: str = "") -> Answer:
    found, slots = pick_list(list_id), slots_of(list_id)
    empty = [one for one in slots if not one.code]
    context = {
        "section": "floor",
        "list": found,
        "slots": slots,
        "slots_by_hand": [(one, uuid4()) for one in slots],
        "next": empty[0] if empty else None,
        "filled": len(slots) - len(empty),
        "next_scan": uuid4(),
        "right": right,
        "wrong": wrong,
    }
    return render(request, "floor/cart.html", context, status=409 if wrong else 200)
