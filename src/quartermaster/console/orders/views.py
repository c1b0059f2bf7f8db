"""Reading orders. Every page is a constant number of statements, whatever it shows."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartermaster.allocation.queries.served import served
from quartermaster.allocation.queries.why import why
from quartermaster.console.asked import one_of, texts
from quartermaster.console.orders import queries, reasons, timeline, words
from quartermaster.core.queries import timeline as facts_of
from quartermaster.orders.queries import OrderShown, document, page
from quartermaster.orders.queries.changes import possible_changes
from quartermaster.orders.rules.change import Answer, Change
from quartermaster.orders.rules.holds import KINDS

_FACTS_MAX = 200
_DECISIONS_MAX = 5
_TABS = (
    "on_hold",
    "backordered",
    "open",
    "allocated",
    "picking",
    "packed",
    "shipped",
    "delivered",
    "cancelled",
    "returned",
)


def orders(request: HttpRequest) -> HttpResponse:
    """GET /orders?status=&connection=&after="""
    wanted = _within(request)
    after = request.GET.get("after", "")
    found = page(status=wanted["status"], connection=wanted["connection"], after=after)
    counted = queries.counts(_TABS, wanted["connection"])
    tabs = [
        (status, words.STATUS[status], counted[status], _query({**wanted, "status": status}))
        for status in _TABS
        if counted[status].number or counted[status].is_more or status == wanted["status"]
    ]
    return render(
        request,
        "orders/orders.html",
        {
            "section": "orders",
            "rows": [_row(order) for order in found.items],
            "wanted": wanted,
            "title": words.STATUS[wanted["status"]].title if wanted["status"] else "Orders",
            "tabs": tabs,
            "everything": _query({**wanted, "status": ""}),
            "without_connection": _query({**wanted, "connection": ""}),
            "connections": queries.connection_slugs(),
            "within": _query(wanted),
            "newer": _query(wanted) if after else None,
            "older": _query({**wanted, "after": found.next}) if found.next else None,
        },
    )


def _within(request: HttpRequest) -> dict[str, str]:
    """The list one is in, or came from."""
    wanted = texts(request, "status", "connection")
    return {**wanted, "status": one_of(wanted["status"], words.STATUS)}


def _query(wanted: dict[str, str]) -> str:
    given = {name: value for name, value in wanted.items() if value}
    return f"?{urlencode(given)}" if given else "?"


def _row(order: OrderShown) -> dict[str, Any]:
    place = order.ship_to
    return {
        "order": order,
        "status": words.STATUS[order.status],
        "why": words.why(order),
        "units": sum(line.ordered - line.cancelled for line in order.lines)
        or sum(line.ordered for line in order.lines),
        "who": order.customer.name or (place.name if place else "") or order.customer.email,
        "where": ", ".join(filter(None, (place.city, place.country))) if place else "",
    }


def order(request: HttpRequest, number: str) -> HttpResponse:
    """GET /orders/SO-1?status=&connection=&ask=today: one order, within the list one came from."""
    shown = document(number)
    came_from = _within(request)
    there = served([shown.id]).get(shown.id, [])
    facts = facts_of(f"order:{shown.number}", after=request.GET.get("facts", ""), limit=_FACTS_MAX)
    decisions = why(shown.id, limit=_DECISIONS_MAX).items
    names = queries.user_names(
        timeline.user_ids(facts.items)
        | {
            each.removeprefix("user:")
            for each in (*(d.actor for d in decisions), *(h.placed_by for h in shown.holds))
        }
    )
    explained = [reasons.explained(decision, names) for decision in decisions]
    return render(
        request,
        "orders/order.html",
        {
            "section": "orders",
            "order": shown,
            "status": words.STATUS[shown.status],
            "payment": words.PAYMENT.get(shown.payment_state, words.PAYMENT["unknown"]),
            "sentence": words.sentence(shown, there),
            "unfinished": queries.unfinished(f"order:{shown.number}"),
            "served": there,
            "address": words.address(shown.ship_to) if shown.ship_to else (),
            "holds": [
                (hold, words.hold_title(hold.kind), timeline.actor(hold.placed_by, names))
                for hold in shown.holds
            ],
            "changes": _changes(shown),
            "kinds": [(kind, of.title) for kind, of in KINDS.items() if not of.is_automatic],
            "decisions": explained,
            "sites": explained[0].looked if explained else [],
            "reroutable": shown.status not in ("cancelled", "shipped", "delivered", "returned")
            and not any(line.picked for line in shown.lines)
            and any(line.is_shippable and (line.open or line.allocated) for line in shown.lines),
            "asked": reasons.asked_again(decisions[0])
            if decisions and request.GET.get("ask") == "today"
            else None,
            "timeline": timeline.moments(facts.items, names, shown),
            "facts_next": facts.next,
            "neighbours": queries.neighbours(shown.id, **came_from),
            "within": _query(came_from),
            "list_title": words.STATUS[came_from["status"]].title if came_from["status"] else "",
        },
    )


def _changes(shown: OrderShown) -> dict[str, dict[str, Any]]:
    """What can still be changed, each with its honest answer and what it sets off."""
    asked = (Change.CANCEL, Change.ADDRESS, Change.HOLD)
    if shown.status == "cancelled":
        no = {"is_possible": False, "sentence": "Not possible: it is cancelled.", "steps": []}
        return {change.value: no for change in asked}
    return {
        change.value: {
            "is_possible": verdict.answer in (Answer.FREE, Answer.UNDO),
            "sentence": verdict.sentence,
            "steps": [words.STEPS.get(step, step.replace("_", " ")) for step in verdict.steps],
        }
        for change, verdict in possible_changes(shown.id).items()
        if change in asked
    }
