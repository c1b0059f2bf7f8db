"""/api/channels: shops that are asked and told, and whether they are told anything."""

from typing import Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Sent, Shape, told_as
from quartermaster.channels.actions import pay_out, switch
from quartermaster.channels.queries.shops import ShopShown, shops
from quartermaster.channels.queries.told import ToldShown, told_of
from quartermaster.core.texts import storable
from quartermaster.orders.queries import document

router = Router(tags=["Channels"])
READ, ADMIN = Bearer("messages:read"), Bearer("admin")


class Channel(told_as(ShopShown)):  # type: ignore[misc]  # its fields are those of the query
    """mode observe: it is read and told nothing. read_up_to: nothing older is left to fetch. fetched: orders
    it answered so far. shipments_waiting, shipments_refused: parcels it is still to be told of, or will not
    hear of. because: what went wrong the last time, after `failures` in a row."""


class ChannelWanted(Sent):
    """What is left out stays as it is."""

    mode: Literal["observe", "live"] | None = None
    tells_buyers: bool | None = None


@router.get("/channels", auth=READ, response=list[Channel], summary="List channels")
def channels(request: HttpRequest) -> list[ShopShown]:
    """Connections that can be asked and told, beyond their webhooks."""
    return shops()


@router.patch("/channels/{slug}", auth=ADMIN, response=Channel, summary="Switch a channel")
def switch_it(request: HttpRequest, slug: str, wanted: ChannelWanted) -> ShopShown:
    """live: its parcels are told of from now on. Parcels that left before are not."""
    name = storable(slug)
    switch(name, mode=wanted.mode, tells_buyers=wanted.tells_buyers, at=now(), by=actor(request))
    (row,) = shops(name)
    return row


class ToldOfOrder(told_as(ToldShown)):  # type: ignore[misc]  # its fields are those of the query
    """what: parcel, cancellation, part cancelled, refund. reference: ours; theirs: the shop's own name for
    it. because: why it will not hear of it."""


@router.get(
    "/orders/{number}/told",
    auth=Bearer("orders:read"),
    response=list[ToldOfOrder],
    summary="List what an order's shop was told",
)
def told_of_order(request: HttpRequest, number: str) -> list[ToldShown]:
    """The oldest first. queued: it is on its way; refused: the shop will not have it, and a person looks."""
    return told_of(int(document(storable(number)).id))


class PayoutWanted(Sent):
    """note: for the shop's own people; it ends with our reference there."""

    note: str = Field("", max_length=300)


class PayoutAsked(Shape):
    """reference: ours, under which the shop gives it back once; what became of it: GET /orders/…/told."""

    reference: str


@router.post(
    "/refunds/{number}/payout",
    auth=ADMIN,
    response={202: PayoutAsked},
    summary="Let the shop give back a refund",
)
def pay_it_out(request: HttpRequest, number: str, wanted: PayoutWanted) -> Status[dict[str, str]]:
    """The whole refund as it is due now, the way it was paid, once. It counts as given back when the shop's
    own message says so. 409 when it is not due, its shop is only read or cannot, or one is on its way."""
    reference = pay_out(storable(number), note=storable(wanted.note), at=now(), by=actor(request))
    return Status(202, {"reference": reference})
