"""Reading orders."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Status

from quartermaster.api.auth import Bearer
from quartermaster.api.orders.document import answered, is_known, joined
from quartermaster.api.orders.router import router
from quartermaster.api.orders.shapes import Order, PossibleChange, PossibleChanges
from quartermaster.api.orders.shapes import Status as OrderStatus
from quartermaster.api.shapes import LIMIT_DEFAULT, After, Filter, Items, Limit
from quartermaster.orders.queries import document, page, possible_changes
from quartermaster.orders.rules.change import Answer

READ = Bearer("orders:read")


@router.get("/orders", auth=READ, response=Items[Order], summary="List orders, newest first")
def orders(
    request: HttpRequest,
    connection: Filter = "",
    external_id: Filter = "",
    status: OrderStatus | None = None,
    difference: Literal["due", "owed"] | None = None,
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Every filter given must hold. A connection nobody knows has no orders. `difference`: of what people
    here changed, something is still to be collected (due) or to be given back (owed)."""
    found = page(
        connection=connection,
        external_id=external_id,
        status=status or "",
        difference=difference or "",
        after=after,
        limit=limit,
    )
    return {"items": joined(found.items), "next": found.next}


@router.get("/orders/{number}", auth=READ, response={200: Order, 304: None}, summary="Read an order")
def order(request: HttpRequest, response: HttpResponse, number: str) -> Order | Status[None]:
    """The ETag is the order's version: send it back as If-None-Match to be told when nothing changed."""
    found = answered(number, response)
    return Status(304, None) if is_known(request, found) else found


@router.get(
    "/orders/{number}/changes",
    auth=READ,
    response=PossibleChanges,
    summary="Ask what can still be changed",
)
def changes(request: HttpRequest, number: str) -> PossibleChanges:
    """Answered before anything happens: is it possible, what does it become, what has to be undone for it."""
    found = document(number)
    told = [
        PossibleChange(
            change=change.value,
            is_possible=verdict.answer in (Answer.FREE, Answer.UNDO),
            answer=verdict.answer.value,
            becomes=verdict.sentence,
            costs=list(verdict.steps),
        )
        for change, verdict in possible_changes(found.id).items()
    ]
    return PossibleChanges(number=found.number, version=found.version, changes=told)
