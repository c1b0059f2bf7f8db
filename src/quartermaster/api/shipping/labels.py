"""/api/parcels and /api/labels: what a parcel would cost, its label bought and given back."""

from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Because,
    Code,
    Items,
    Limit,
    Sent,
    Shape,
    listed,
)
from quartermaster.api.shipping.shapes import Choice, LabelParcel, ParcelRow, money
from quartermaster.core.errors import Invalid
from quartermaster.shipping import actions, rules
from quartermaster.shipping.queries import parcels as read
from quartermaster.shipping.queries.shipments import parcel_id_of

router = Router(tags=["Shipping"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")


class LabelWanted(Sent):
    """Without carrier and service the rules choose. With them, say why."""

    carrier: Code | None = None
    service: Code | None = None
    because: Because | None = None


class LabelsWanted(Sent):
    parcels: Annotated[list[Code], Field(min_length=1, max_length=1000)]


class LabelsAsked(Shape):
    """asked: parcels for which a label was asked now. The others have one, have one under way, or may not
    leave."""

    asked: list[str]


@router.get("/labels", auth=READ, response=Items[ParcelRow], summary="List what waits for a label")
def parcels(
    request: HttpRequest,
    waiting_for: Literal["waiting", "refused", "not_scanned_out", "not_listed"] = "waiting",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Oldest first: `waiting` for a label, `refused` one, labelled and `not_scanned_out`, or with
    the carrier and `not_listed` on its own manifest."""
    return listed(read.listed(waiting_for, after=after, limit=limit))


@router.get("/parcels/{number}/labels", auth=READ, response=LabelParcel, summary="Read a parcel's labels")
def parcel(request: HttpRequest, number: str) -> dict[str, Any]:
    return told(number)


@router.get("/parcels/{number}/rates", auth=READ, response=Choice, summary="Ask what a parcel would cost")
def rates(request: HttpRequest, number: str) -> dict[str, Any]:
    """Every service of every carrier as things stand now, and what the rules would choose. Buys nothing."""
    _, choice = actions.rates(parcel_id_of(number), at=now())
    return _choice(choice)


@router.post("/parcels/{number}/label", auth=WRITE, response={202: LabelParcel}, summary="Ask for a label")
def buy(request: HttpRequest, number: str, wanted: LabelWanted) -> Status[dict[str, Any]]:
    """It is bought once, by a worker. A label the parcel has already is given back first."""
    by_hand = None
    if wanted.carrier is not None or wanted.service is not None:
        missing = [name for name in ("carrier", "service", "because") if getattr(wanted, name) is None]
        if missing:
            raise Invalid(what="The label", errors=dict.fromkeys(missing, "is needed with the others"))
        by_hand = rules.ByHand(wanted.carrier or "", wanted.service or "", wanted.because or "")
    actions.buy_label(number, by_hand=by_hand, because=wanted.because or "", at=now(), by=actor(request))
    return Status(202, told(number))


@router.delete(
    "/parcels/{number}/label", auth=WRITE, response={202: LabelParcel}, summary="Give a label back"
)
def void(request: HttpRequest, number: str, because: Because) -> Status[dict[str, Any]]:
    """The parcel is without one at once; the carrier is told by a worker, with the account that bought it."""
    actions.void_label(number, because=because, at=now(), by=actor(request))
    return Status(202, told(number))


@router.post("/labels", auth=WRITE, response={202: LabelsAsked}, summary="Ask for many labels")
def buy_many(request: HttpRequest, wanted: LabelsWanted) -> Status[dict[str, Any]]:
    """Also for parcels whose label was refused before: run it again when their addresses are corrected."""
    asked = actions.buy_labels(read.parcel_ids_of(wanted.parcels), at=now(), by=actor(request))
    return Status(202, {"asked": [f"P-{parcel_id}" for parcel_id in asked]})


def told(number: str) -> dict[str, Any]:
    """A parcel as `LabelParcel` reads it."""
    found = read.parcel(number)
    return {**msgspec.structs.asdict(found), "labels": [_label(each) for each in read.labels(found.id)]}


def _label(label: read.LabelShown) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(label),
        "cost": money(label.cost_minor, label.currency),
        "decision": None if label.choice is None else _choice(label.choice),
    }


def _choice(choice: rules.Choice) -> dict[str, Any]:
    candidates = [
        {**msgspec.structs.asdict(each), "cost": money(each.cost_minor, each.currency)}
        for each in choice.candidates
    ]
    return {**msgspec.structs.asdict(choice), "candidates": candidates}
