"""/api/channels: shops that are asked and told, and whether they are told anything."""

from typing import Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Sent, told_as
from quartermaster.channels.actions import switch
from quartermaster.channels.queries.shops import ShopShown, shops
from quartermaster.core.texts import storable

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
