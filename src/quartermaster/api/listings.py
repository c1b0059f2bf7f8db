"""/api/channels/{slug}/listings: what a shop sells, what it is to us, and how many it is to have of it."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (  # fmt: skip
    LIMIT_DEFAULT,
    After,
    Code,
    Filter,
    Items,
    Limit,
    Sent,
    Shape,
    Text,
    listed,
    told_as,
)
from quartermaster.channels.actions import map_listing, pull_now, push_now, set_policy
from quartermaster.channels.queries import listings as read
from quartermaster.channels.rules import Step, Suggested
from quartermaster.channels.rules.policies import UNITS_MAX
from quartermaster.core.texts import storable

router = Router(tags=["Channels"])
READ, WRITE = Bearer("stock:read"), Bearer("stock:write")
Units = Annotated[int, Field(ge=0, le=UNITS_MAX)]
ROWS_MAX = 500


class ChannelListing(told_as(read.ListingShown)):  # type: ignore[misc]  # its fields are those of the query
    """listing: the shop's own name for it. sku: null while it is not mapped; mapped_by: code, alias or
    person. wanted: what the shop is to have by the formula, version: how often that changed. confirmed: what
    the shop said it has, at confirmed_at. is_told: the shop is live. state: idle, due,
    sent, asked (to be read back), refused, stuck."""


class ListingStep(told_as(Step)):  # type: ignore[misc]  # made at run time
    """A line of the arithmetic, and the units that it leaves."""


class SuggestedBuffer(told_as(Suggested)):  # type: ignore[misc]  # made at run time
    """buffer: measured lag × velocity, rounded up; null where too little was measured. Never applied."""


class ListingTold(told_as(read.Told)):  # type: ignore[misc]  # made at run time
    """A number the shop was sent (outcome read: it was looked at), and what it said it has."""


class ListingExplained(Shape):
    """Why a listing has its number. quantity: what the formula says now; null while it is not mapped."""

    listing: ChannelListing
    quantity: int | None
    steps: list[ListingStep]
    suggested: SuggestedBuffer
    told: list[ListingTold]


class ListingMapping(Sent):
    """sku "": it is none of ours, and stays so."""

    listing: Code
    sku: Text


class ListingPolicy(Sent):
    """What is kept back of one listing. What is left out stays; cap null: there is none."""

    listing: Code
    buffer: Units = 0
    cap: Units | None = None
    share_percent: Annotated[int, Field(ge=0, le=100)] = 100
    least: Units = 0
    is_pushed: bool = True


class ListingPolicies(Sent):
    rows: Annotated[list[ListingPolicy], Field(min_length=1, max_length=ROWS_MAX)]


class ListingsWanted(Sent):
    """Named by the shop's own names; none: all of them."""

    listings: Annotated[list[Code], Field(max_length=ROWS_MAX)] = []


class ListingsSent(Shape):
    listings: int


@router.get("/channels/{slug}/listings", auth=READ, response=Items[ChannelListing], summary="List listings")
def listings(
    request: HttpRequest,
    slug: str,
    show: read.Show = "all",
    q: Filter = "",
    sku: Filter = "",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """show: unmapped, differs (it has another number than it is to have), waiting, trouble (refused, or
    another number each time), gone, held (not pushed). q: the beginning of a code, or a part of the title."""
    return listed(read.listings(storable(slug), show=show, asked=q, sku=sku, after=after, limit=limit))


@router.get(
    "/channels/{slug}/listings/explain", auth=READ, response=ListingExplained, summary="Explain a listing"
)
def explain(request: HttpRequest, slug: str, listing: Filter) -> read.Explained:
    """The formula with today's numbers, what the shop was told, and the buffer that its lag asks for."""
    return read.explained(storable(slug), listing)


@router.post("/channels/{slug}/listings/map", auth=WRITE, response=ListingExplained, summary="Map a listing")
def map_it(request: HttpRequest, slug: str, wanted: ListingMapping) -> read.Explained:
    """Say which SKU it is. Its number follows within seconds."""
    name = storable(slug)
    map_listing(name, wanted.listing, sku=wanted.sku, at=now(), by=actor(request))
    return read.explained(name, wanted.listing)


@router.patch(
    "/channels/{slug}/listings", auth=WRITE, response=list[ChannelListing], summary="Change listings' policy"
)
def change(request: HttpRequest, slug: str, wanted: ListingPolicies) -> list[read.ListingShown]:
    """All rows, or none."""
    name = storable(slug)
    rows = {row.listing: row.model_dump(exclude_unset=True, exclude={"listing"}) for row in wanted.rows}
    set_policy(name, rows, at=now(), by=actor(request))
    return read.named(name, list(rows))


@router.post("/channels/{slug}/listings/push", auth=WRITE, response=ListingsSent, summary="Send stock now")
def push(request: HttpRequest, slug: str, wanted: ListingsWanted) -> dict[str, int]:
    """Once more, whether it changed or not, also what was refused. Only to a shop that is live."""
    return {
        "listings": push_now(storable(slug), wanted.listings, at=now(), by=actor(request)),
    }


@router.post("/channels/{slug}/listings/pull", auth=WRITE, response={204: None}, summary="Read listings now")
def pull(request: HttpRequest, slug: str) -> Status[None]:
    """All listings of the shop are read anew, beginning within seconds."""
    pull_now(storable(slug), at=now(), by=actor(request))
    return Status(204, None)
