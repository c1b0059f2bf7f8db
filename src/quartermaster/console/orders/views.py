"""Reading orders. Every page is a constant number of statements, whatever it shows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now

from quartermaster.allocation.queries.served import served
from quartermaster.allocation.queries.why import why, why_waiting
from quartermaster.channels.queries.connected import cancels_there
from quartermaster.channels.queries.payouts import payable
from quartermaster.channels.queries.told import told_of
from quartermaster.console.asked import one_of, texts
from quartermaster.console.gate import who
from quartermaster.console.orders import lists, queries, reasons, timeline, words
from quartermaster.console.orders.parcels import outside_of, parcels
from quartermaster.console.times import time_left
from quartermaster.console.today.queries import span_at
from quartermaster.core.queries import timeline as facts_of
from quartermaster.money.queries.refunds import RefundShown, refundable, refunds_of
from quartermaster.orders.queries import OrderShown, document
from quartermaster.orders.queries.changes import possible_changes
from quartermaster.orders.rules.change import Answer, Change
from quartermaster.orders.rules.holds import KINDS
from quartermaster.shipping.queries.landed import landed_of_order
from quartermaster.shipping.queries.readdressed import readdressed
from quartermaster.shipping.queries.verdicts import Verdict, doubted
from quartermaster.tracking.queries.links import address

_FACTS_MAX = 200
_DECISIONS_MAX = 5
_BUSY = ("attention", "ready", "due", "late", "on_hold", "backordered", "payment")
_HERE = ("open", "backordered", "allocated", "on_hold", "picking", "packed")  # an address may still change
_OLD_NAMES = {"allocated": "ready"}  # of ?status=, which names a view since there are views


def orders(request: HttpRequest) -> HttpResponse:
    """GET /orders?view=&connection=&since=&until=&currency=&site=&gone_from=&after="""
    at = now()
    wanted, given = asked_for(request, at=at)
    after = request.GET.get("after", "")
    found = lists.page(wanted, after=after)
    ship_by = lists.ship_bys([order.id for order in found.items])
    beside = _beside(found.items)
    view = lists.VIEWS.get(wanted.view)
    return render(
        request,
        "orders/orders.html",
        {
            "section": "orders",
            "rows": [_row(order, ship_by.get(order.id), at, beside) for order in found.items],
            "wanted": given,
            "view": view,
            "title": view.title if view else "Orders",
            "narrowed": _narrowed(wanted),
            "tabs": _tabs(wanted, given),
            "everything": _query({**given, "view": ""}),
            "connections": queries.connection_slugs(),
            "within": _query(given),
            "newer": _query(given) if after else None,
            "older": _query({**given, "after": found.next}) if found.next else None,
            "hold_kinds": [(kind, of.title) for kind, of in KINDS.items() if not of.is_automatic],
        },
    )


def asked_for(request: HttpRequest, *, at: datetime) -> tuple[lists.Wanted, dict[str, str]]:
    """The list one is in, or came from, and the same as it stands in the address."""
    given = texts(request, "view", "status", "connection", "since", "until", "currency", "site", "gone_from")
    status = given.pop("status")
    given["view"] = one_of(given["view"] or _OLD_NAMES.get(status, status), lists.VIEWS)
    filters: dict[str, object] = {
        name: given[name] for name in ("connection", "currency", "site", "gone_from") if given[name]
    }
    for name in ("since", "until"):
        moment = parse_datetime(given[name]) if given[name] else None
        given[name] = moment.isoformat() if moment else ""
        if moment:
            filters[name] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    span = span_at(at)
    clock = {"now": at, "day_start": span.day_start, "day_end": span.day_end}
    return lists.Wanted(given["view"], filters, clock), given


def _tabs(wanted: lists.Wanted, given: dict[str, str]) -> list[tuple[str, str, lists.Counted | None, str]]:
    """name, title, count and address. Under a filter, the long lists are not counted."""
    counted = lists.counts(_BUSY if wanted.filters else (*_BUSY, "shipped"), wanted)
    shown = [name for name, view in lists.VIEWS.items() if view.is_tab or name == wanted.view]
    return [
        (name, lists.VIEWS[name].title, counted.get(name), _query({**given, "view": name})) for name in shown
    ]


def _narrowed(wanted: lists.Wanted) -> str:
    """What the list is narrowed to, in words."""
    filters = wanted.filters
    since, until = filters.get("since"), filters.get("until")
    told = [
        f"placed since {since:%-d %b %H:%M}" if isinstance(since, datetime) else "",
        f"until {until:%-d %b %H:%M}" if isinstance(until, datetime) else "",
        f"in {filters['currency']}" if "currency" in filters else "",
        f"to leave {filters['site']} today" if "site" in filters else "",
        f"that left {filters['gone_from']} today" if "gone_from" in filters else "",
    ]
    return ", ".join(filter(None, told))


def _query(wanted: Mapping[str, str]) -> str:
    given = {name: value for name, value in wanted.items() if value}
    return f"?{urlencode(given)}" if given else "?"


class Beside(NamedTuple):
    """What other stages say of the orders of a list: why no site may send them, and whose address a carrier
    would write another way."""

    waits: Mapping[int, Mapping[str, str]]
    doubted: Mapping[int, Verdict]


def _beside(shown: Sequence[OrderShown]) -> Beside:
    stuck = [one.id for one in shown if any(line.parked == "routing" for line in one.lines)]
    here = [one.id for one in shown if one.status in _HERE]
    return Beside(why_waiting(stuck), doubted(here))


def _row(order: OrderShown, ship_by: datetime | None, at: datetime, beside: Beside) -> dict[str, Any]:
    place, said = order.ship_to, beside.doubted.get(order.id)
    return {
        "order": order,
        "status": words.STATUS[order.status],
        "why": words.why(order, beside.waits.get(order.id, {})),
        "doubted": said,
        "suggested": words.in_one_line(said.suggested) if said and said.suggested else "",
        "next": words.next_action(order),
        "ship_by": ship_by,
        "left": time_left(ship_by, at) if ship_by else None,
        "units": sum(line.ordered - line.cancelled for line in order.lines)
        or sum(line.ordered for line in order.lines),
        "who": order.customer.name or (place.name if place else "") or order.customer.email,
        "where": ", ".join(filter(None, (place.city, place.country))) if place else "",
    }


def _abroad(order_id: int) -> dict[str, Any]:
    """What its parcels cost beyond their goods where they go, and what that was where they went before."""
    return {"landed": landed_of_order(order_id).items(), "readdressed": readdressed(order_id)}


def _receiver(shown: OrderShown) -> dict[str, Any]:
    """The address it goes to, and what a carrier says of it while it may still change."""
    said = doubted([shown.id]).get(shown.id) if shown.status in _HERE else None
    return {
        "address": words.address(shown.ship_to) if shown.ship_to else (),
        "doubted": said,
        "suggested": words.in_one_line(said.suggested) if said and said.suggested else "",
    }


def order(request: HttpRequest, number: str) -> HttpResponse:
    """GET /orders/SO-1?view=&connection=&ask=today: one order, within the list one came from."""
    shown = document(number)
    came_from, given = asked_for(request, at=now())
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
            "sentence": words.sentence(
                shown, there, {one.code: one.because for one in decisions[0].waiting} if decisions else {}
            ),
            **_receiver(shown),
            "unfinished": queries.unfinished(f"order:{shown.number}"),
            "served": there,
            "parcels": (packed := parcels(shown.id)),
            **(_abroad(shown.id) if packed else {}),
            "refunds": (refunds := _refunds(shown.id)),
            "may_pay": who(request).may("money:write"),
            "refundable": refundable(shown.id) if refunds else None,
            "outside": outside_of(int(shown.id)),
            "told": told_of(int(shown.id)),
            "cancels_there": cancels_there(shown.connection),
            "public_link": address(shown.id),
            "promise": words.promise(*queries.promised(shown.id), shown.status, today=now().date()),
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
            "neighbours": queries.neighbours(shown.id, came_from),
            "within": _query(given),
            "list_title": lists.VIEWS[came_from.view].title if came_from.view else "",
        },
    )


def _refunds(order_id: int) -> list[tuple[RefundShown, str | None]]:
    """Each with why its shop cannot give it back now, "" when it can; None: it is not due."""
    found = refunds_of([order_id])
    is_due = any(one.state == "due" for one in found)
    why_not = {one.refund_id: one.why_not for one in payable(order_id=order_id)} if is_due else {}
    return [(one, why_not.get(one.id)) for one in found]


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
