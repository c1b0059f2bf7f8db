"""/api/recalls: lots nobody may get any more, who has them; and what is to be carried to quarantine."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (  # fmt: skip
    LIMIT_DEFAULT,
    After,
    Because,
    Code,
    Items,
    Limit,
    Quantity,
    Reason,
    Sent,
    Shape,
    Text,
    listed,
    told_as,
)
from quartermaster.stock import actions
from quartermaster.stock.actions.recall import recall_id_of
from quartermaster.stock.queries import recalls as read
from quartermaster.support.actions import tell_notice
from quartermaster.support.queries.recalled import affected

router = Router(tags=["Recalls"])


class Recall(Shape):
    """here: units on our sites that cannot be sold by it; picked: units in totes and parcels, whose orders
    are held."""

    number: str
    sku: str
    title: str
    lot: str
    because: str
    made_at: datetime
    made_by: str
    lifted_at: datetime | None
    lifted_because: str
    here: int
    picked: int


class Recipient(Shape):
    """Units of the lot on an order. stage: delivered, shipped, packed, picked or to_pick. notice: waiting or
    told, for those who have it; nothing is sent by itself."""

    order: str
    stage: str
    units: int
    parcel: str
    tracking_number: str
    name: str
    email: str
    phone: str
    notice: str
    notice_id: int | None
    told: str


class RecallWithRecipients(Recall):
    recipients: list[Recipient]


class RecallWanted(Sent):
    sku: Code
    lot: Code
    because: Because


class ToCarry(told_as(read.ToCarry)):  # type: ignore[misc]  # its fields are those of the query
    """Expired or recalled units outside quarantine. recall: its number, if that is why."""


class QuarantineCarry(Sent):
    """key: the scan's own id; sent again, it is done once. target: a bin of kind quarantine."""

    key: Annotated[Code, Field(max_length=120)]
    sku: Code
    units: Quantity
    place: Code
    target: Code
    lot: Code
    serial: Text = ""
    state: Literal["expired", "recalled"]


@router.get("/recalls", auth=Bearer("stock:read"), response=Items[Recall], summary="List recalls")
def recalls(request: HttpRequest, after: After = "", limit: Limit = LIMIT_DEFAULT) -> dict[str, Any]:
    """Newest first."""
    return listed(read.recalls(after=after, limit=limit))


@router.post(
    "/recalls", auth=Bearer("stock:write"), response={201: RecallWithRecipients}, summary="Recall a lot"
)
def recall(request: HttpRequest, wanted: RecallWanted) -> Status[dict[str, Any]]:
    """Its units cannot be sold from now on, at no site. 409 when it is recalled already."""
    made = actions.recall(wanted.sku, wanted.lot, because=wanted.because, at=now(), by=actor(request))
    return Status(201, _whole(made))


@router.get(
    "/recalls/{number}", auth=Bearer("stock:read"), response=RecallWithRecipients, summary="Read a recall"
)
def recall_read(request: HttpRequest, number: str) -> dict[str, Any]:
    """With every order that got the lot."""
    return _whole(number)


@router.post(
    "/recalls/{number}/lift",
    auth=Bearer("stock:write"),
    response=RecallWithRecipients,
    summary="Lift a recall",
)
def lift(request: HttpRequest, number: str, wanted: Reason) -> dict[str, Any]:
    """Lifted again it does nothing."""
    actions.lift_recall(number, because=wanted.because, at=now(), by=actor(request))
    return _whole(number)


@router.post(
    "/recalls/{number}/notices/{notice_id}",
    auth=Bearer("stock:write"),
    response=RecallWithRecipients,
    summary="Note that a customer was told",
)
def told(request: HttpRequest, number: str, notice_id: int, wanted: Reason) -> dict[str, Any]:
    """`because` says how."""
    tell_notice(notice_id, because=wanted.because, at=now(), by=actor(request))
    return _whole(number)


@router.get(
    "/quarantine",
    auth=Bearer("floor:read"),
    response=list[ToCarry],
    summary="List what is to be carried to quarantine",
)
def to_carry(request: HttpRequest, location: Annotated[str, Field(max_length=255)] = "") -> list[Any]:
    """By place."""
    return list(read.to_carry(location))


@router.post("/quarantine", auth=Bearer("floor:write"), response=list[ToCarry], summary="Carry to quarantine")
def carry(request: HttpRequest, wanted: QuarantineCarry) -> list[Any]:
    """The answer is what is left to carry at that site."""
    actions.carry_to_quarantine(
        wanted.sku,
        wanted.units,
        wanted.place,
        wanted.target,
        state=wanted.state,
        lot=wanted.lot,
        serial=wanted.serial,
        key=wanted.key,
        at=now(),
        by=actor(request),
    )
    return list(read.to_carry(wanted.place.partition("/")[0]))


def _whole(number: str) -> dict[str, Any]:
    recall_id = recall_id_of(number)
    shown = read.recall_shown(recall_id)
    told = {name: getattr(shown, name) for name in Recall.model_fields}
    return told | {"recipients": affected(recall_id)}
