"""/api/channels: shops that are asked and told, and whether they are told anything."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Sent, Shape
from quartermaster.channels.actions import switch
from quartermaster.channels.queries.shops import ShopShown, shops
from quartermaster.core.texts import storable

router = Router(tags=["Channels"])
READ, ADMIN = Bearer("messages:read"), Bearer("admin")


class Channel(Shape):
    """mode observe: it is read and told nothing. read_up_to: nothing older is left to fetch. fetched: orders
    it answered so far. shipments_waiting, shipments_refused: parcels it is still to be told of, or will not
    hear of. because: what went wrong the last time, after `failures` in a row."""

    slug: str
    kind: str
    is_active: bool
    mode: Literal["observe", "live"]
    tells_buyers: bool
    read_up_to: datetime | None
    asked_at: datetime | None
    answered_at: datetime | None
    failures: int
    because: str
    fetched: int
    shipments_waiting: int
    shipments_refused: int


class ChannelWanted(Sent):
    """What is left out stays as it is."""

    mode: Literal["observe", "live"] | None = None
    tells_buyers: bool | None = None


@router.get("/channels", auth=READ, response=list[Channel], summary="List channels")
def channels(request: HttpRequest) -> list[Channel]:
    """Connections that can be asked and told, beyond their webhooks."""
    return [_shown(row) for row in shops()]


@router.patch("/channels/{slug}", auth=ADMIN, response=Channel, summary="Switch a channel")
def switch_it(request: HttpRequest, slug: str, wanted: ChannelWanted) -> Channel:
    """live: its parcels are told of from now on. Parcels that left before are not."""
    name = storable(slug)
    switch(name, mode=wanted.mode, tells_buyers=wanted.tells_buyers, at=now(), by=actor(request))
    (row,) = shops(name)
    return _shown(row)


def _shown(row: ShopShown) -> Channel:
    return Channel(
        slug=row.slug,
        kind=row.kind,
        is_active=row.is_active,
        mode="live" if row.mode == "live" else "observe",
        tells_buyers=row.tells_buyers,
        read_up_to=row.read_up_to,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        failures=row.failures,
        because=row.because,
        fetched=row.fetched,
        shipments_waiting=row.waiting,
        shipments_refused=row.refused,
    )
