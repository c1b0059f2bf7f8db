"""Changing orders: every write is one action, its answer the order as it is then."""

from collections.abc import Iterable
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Header, Status

from quartermaster.allocation.actions import edit as see_edit
from quartermaster.allocation.actions import reroute as ask_again
from quartermaster.api.auth import Bearer, actor
from quartermaster.api.orders import edits
from quartermaster.api.orders.document import answered, version_named
from quartermaster.api.orders.router import router
from quartermaster.api.orders.shapes import Cancellation, Edit, EditSeen, HoldWanted, Order, Rerouting
from quartermaster.api.shapes import Because
from quartermaster.core.errors import Invalid
from quartermaster.orders import actions
from quartermaster.orders.queries import document

WRITE = Bearer("orders:write")
IfMatch = Annotated[
    str,
    Header("", alias="If-Match", pattern=r'^("[1-9][0-9]{0,8}"|\*)?$', description="The ETag you read."),
]


@router.patch("/orders/{number}", auth=WRITE, response=Order, summary="Change an order")
def edit(
    request: HttpRequest, response: HttpResponse, number: str, wanted: Edit, if_match: IfMatch = ""
) -> Order:
    """Units, lines, prices, shipping, address, priority: all of it or nothing.

    Name the version you looked at, by If-Match or `version`, and a change made meanwhile is kept (409).
    """
    given = edits.changes(number, wanted)
    given["version"] = wanted.version if wanted.version is not None else version_named(if_match)
    actions.edit(number, **given, at=now(), by=actor(request))
    return answered(number, response)


@router.post(
    "/orders/{number}/edits", auth=WRITE, response=EditSeen, summary="Change an order, and see what it means"
)
def edit_seen(
    request: HttpRequest, number: str, wanted: Edit, dry_run: bool = False, if_match: IfMatch = ""
) -> EditSeen:
    """The same changes; the answer is what they come to in money, stock and steps.

    With `dry_run=true` nothing happens: the change is made and undone, so the numbers are those it would be.
    """
    given = edits.changes(number, wanted)
    given["version"] = wanted.version if wanted.version is not None else version_named(if_match)
    seen = see_edit(number, rehearses=dry_run, at=now(), by=actor(request), **given)
    return edits.told(seen, version=document(number).version, dry_run=dry_run)


@router.post("/orders/{number}/cancel", auth=WRITE, response=Order, summary="Cancel an order or units of it")
def cancel(request: HttpRequest, response: HttpResponse, number: str, wanted: Cancellation) -> Order:
    """As far as the point of no return allows; reserved units go back to stock."""
    lines = None if wanted.lines is None else _units((line.id, line.quantity) for line in wanted.lines)
    actions.cancel(
        number, because=wanted.because, lines=lines, version=wanted.version, at=now(), by=actor(request)
    )
    return answered(number, response)


@router.post("/orders/{number}/holds", auth=WRITE, response={201: Order}, summary="Hold an order")
def hold(request: HttpRequest, response: HttpResponse, number: str, wanted: HoldWanted) -> Status[Order]:
    """Several kinds may stand at once; the same kind again changes its reason."""
    actions.hold(
        number,
        kind=wanted.kind,
        because=wanted.because,
        owner=wanted.owner,
        expires_at=wanted.expires_at,
        at=now(),
        by=actor(request),
    )
    return Status(201, answered(number, response))


@router.delete("/orders/{number}/holds/{kind}", auth=WRITE, response=Order, summary="Release a hold")
def release(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    kind: str,
    because: Because = "Released by a program.",
) -> Order:
    actions.release_hold(number, kind=kind, because=because, at=now(), by=actor(request))
    return answered(number, response)


@router.post("/orders/{number}/reroute", auth=WRITE, response=Order, summary="Route an order again")
def reroute(request: HttpRequest, response: HttpResponse, number: str, wanted: Rerouting) -> Order:
    """By the rules, or from the location named."""
    ask_again(number, location=wanted.location, because=wanted.because, at=now(), by=actor(request))
    return answered(number, response)


def _units(pairs: Iterable[tuple[str, int]]) -> dict[int, int]:
    """Line id -> units. A line named twice is a mistake nobody should guess about."""
    found: dict[int, int] = {}
    for line_id, units in pairs:
        if int(line_id) in found:
            raise Invalid(what="The change", errors={"lines": f"line {line_id} is named twice"})
        found[int(line_id)] = units
    return found
