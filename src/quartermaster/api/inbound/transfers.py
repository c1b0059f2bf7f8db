"""Transfers: one site sends another units."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.inbound.arrivals import ArrivalLineWanted
from quartermaster.api.shapes import Because, Code, Reason, RowId, Sent, Shape, told_as
from quartermaster.inbound.actions.transfers import cancel_transfer, make_transfer, ship_transfer
from quartermaster.inbound.queries.transfers import TransferLineShown, TransferShown, transfer

router = Router(tags=["Inbound"])
READ, WRITE = Bearer("stock:read"), Bearer("stock:write")


class TransferLine(told_as(TransferLineShown)):  # type: ignore[misc]  # its fields are those of the query
    """under_way: shipped, neither received nor lost."""


class Transfer(Shape):
    """state: open | shipped | received | cancelled. arrival: what it is received by."""

    id: str
    number: str
    source: str
    target: str
    state: str
    because: str
    made_at: datetime
    shipped_at: datetime | None
    done_at: datetime | None
    arrival: str | None
    lines: list[TransferLine]


class TransferWanted(Sent):
    source: Code
    target: Code
    because: Because
    lines: Annotated[list[ArrivalLineWanted], Field(min_length=1, max_length=5_000)]


@router.post("/transfers", auth=WRITE, response={201: Transfer}, summary="Plan a transfer")
def make(request: HttpRequest, wanted: TransferWanted) -> Status[TransferShown]:
    lines: dict[str, int] = {}
    for line in wanted.lines:
        lines[line.sku] = lines.get(line.sku, 0) + line.quantity
    made = make_transfer(
        wanted.source, wanted.target, lines, because=wanted.because, at=now(), by=actor(request)
    )
    return Status(201, transfer(made))


@router.get("/transfers/{transfer_id}", auth=READ, response=Transfer, summary="Read a transfer")
def read(request: HttpRequest, transfer_id: RowId) -> TransferShown:
    return transfer(int(transfer_id))


@router.post("/transfers/{transfer_id}/ship", auth=WRITE, response=Transfer, summary="Ship a transfer")
def ship(request: HttpRequest, transfer_id: RowId) -> TransferShown:
    """The units are under way, and incoming at the other site: receive them by the transfer's arrival."""
    ship_transfer(int(transfer_id), at=now(), by=actor(request))
    return transfer(int(transfer_id))


@router.post("/transfers/{transfer_id}/cancel", auth=WRITE, response=Transfer, summary="Cancel a transfer")
def cancel(request: HttpRequest, transfer_id: RowId, wanted: Reason) -> TransferShown:
    cancel_transfer(int(transfer_id), because=wanted.because, at=now(), by=actor(request))
    return transfer(int(transfer_id))
