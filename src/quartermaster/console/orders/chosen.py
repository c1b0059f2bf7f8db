"""The orders that were chosen in the list: held, released or printed, each with its own result."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.allocation.queries.served import served
from quartermaster.console.exceptions import fixes
from quartermaster.console.exceptions.fixes import Result
from quartermaster.console.gate import actor
from quartermaster.console.orders import words
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.texts import short
from quartermaster.orders.queries import OrderShown, document

CHOSEN_MAX = 100


def act(request: HttpRequest) -> HttpResponse:
    """POST /orders/chosen: do=hold|release|print, chosen=SO-1 …, because"""
    given = request.POST
    numbers = _numbers(given.getlist("chosen"))
    because = short(given.get("because", "").strip(), 500)
    kind = short(given.get("kind", "manual"))
    if given.get("do") == "print":
        return _print(request, numbers)
    if given.get("do") == "release":
        results = fixes.each(numbers, lambda number: _release(number, because, request))
        verb = "released"
    else:
        results = fixes.hold_all(numbers, kind=kind, because=because, at=now(), by=actor(request))
        verb = "held"
    return render(
        request,
        "orders/chosen.html",
        {
            "section": "orders",
            "results": results,
            "verb": verb,
            "done": [one for one in results if one.is_done],
            "refused": [one for one in results if not one.is_done],
            "within": short(given.get("within", "")),
        },
    )


def slips(request: HttpRequest) -> HttpResponse:
    """GET /orders/chosen?chosen=SO-1&chosen=SO-2: their slips, to be printed."""
    return _print(request, _numbers(request.GET.getlist("chosen")))


def _print(request: HttpRequest, numbers: list[str]) -> HttpResponse:
    shown, missing = [], []
    for number in numbers:
        try:
            shown.append(document(number))
        except Refused as refusal:
            missing.append(Result(number, False, refusal.title))
    there = served([order.id for order in shown])
    slips = [
        (order, words.address(order.ship_to) if order.ship_to else [], there.get(order.id, []))
        for order in shown
    ]
    return render(request, "orders/slips.html", {"section": "orders", "slips": slips, "missing": missing})


def _release(number: str, because: str, request: HttpRequest) -> None:
    """Every hold that stands. Raises Refused."""
    order: OrderShown = document(number)
    if not order.holds:
        raise NothingHeld(number=number)
    for standing in order.holds:
        fixes.release_one(number, kind=standing.kind, because=because, at=now(), by=actor(request))


class NothingHeld(Refused):
    code = "nothing-held"
    message = "{number} is not on hold."
    remedy = "There is nothing to release."


def _numbers(given: list[str]) -> list[str]:
    """Raises Invalid when there are none, or too many."""
    numbers = list(dict.fromkeys(short(number, 40) for number in given if number))
    if not numbers or len(numbers) > CHOSEN_MAX:
        raise Invalid(what="The choice", errors={"chosen": f"choose 1 to {CHOSEN_MAX} orders"})
    return numbers
