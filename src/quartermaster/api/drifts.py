"""/api/channels/{slug}/comparisons, /api/drifts: a shop held against us, and what differs."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Query, Router

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Filter,
    Items,
    Limit,
    Moment,
    Reason,
    RowId,
    Sent,
    listed,
    told_as,
)
from quartermaster.channels.actions import compare, heal, let_be, take_theirs
from quartermaster.channels.queries.drifts import ComparisonShown, DriftShown, comparisons, drifts
from quartermaster.channels.queries.health import health
from quartermaster.channels.rules.health import Health, light
from quartermaster.core.texts import storable
from quartermaster.inbox.queries.connections import connection as connection_of

router = Router(tags=["Channels"])
READ, LEAD, ADMIN = Bearer("messages:read"), Bearer("messages:write"), Bearer("admin")


class ChannelHealth(told_as(Health)):  # type: ignore[misc]  # its fields are those of the query
    """Of the last day, among its newest 1,000 messages: used, troubled (unreadable or stuck), and fetched: of
    the used ones, those no webhook brought. waiting: messages not read yet. queued, refused: parcels it is to
    be told of, or will not hear of. drifts: what differs now; late: orders of seven days that only a
    comparison brought. hooks_off: topics it does not send. stock_waiting, stock_refused: listings with a
    number to be sent, or not taken. tone: good | warn | bad | off, with the sentences behind it."""

    tone: Literal["good", "warn", "bad", "off"]
    told: list[str]


class ShopComparison(told_as(ComparisonShown)):  # type: ignore[misc]  # its fields are those of the query
    """A shop held against us. listed: orders it listed. late: of those, orders that no message had told of in
    time. found, settled: differences that were new, and that were no more."""


class ShopDrift(told_as(DriftShown)):  # type: ignore[misc]  # its fields are those of the query
    """Something a shop and we see differently. late: only a comparison brought the order. missing: the shop
    lists it, and there is none here. vanished: the shop does not list it. unshipped: it shows less than has
    left. uncancelled: cancelled here alone. gap: a number no order has. refund: more or less is given back
    there than we heard, or than it said it gave back for us. price: it costs something else
    there than it was told."""


class ComparisonWanted(Sent):
    """What changed since is compared, and fetched where it was missed."""

    since: Moment


@router.get("/channels/health", auth=READ, response=list[ChannelHealth], summary="See how channels stand")
def how_channels_stand(request: HttpRequest) -> list[dict[str, Any]]:
    at = now()
    seen = [(one, light(one, at)) for one in health(at)]
    return [
        {
            **{name: getattr(one, name) for name in one.__struct_fields__},
            "tone": lit.tone,
            "told": lit.because,
        }
        for one, lit in seen
    ]


@router.get(
    "/channels/{slug}/comparisons", auth=READ, response=list[ShopComparison], summary="List comparisons"
)
def compared(request: HttpRequest, slug: str) -> list[ComparisonShown]:
    """The newest 20 of a shop."""
    return comparisons(connection_of(storable(slug)).slug)


@router.post(
    "/channels/{slug}/comparisons",
    auth=ADMIN,
    response={202: list[ShopComparison]},
    summary="Compare a channel",
)
def begin(request: HttpRequest, slug: str, wanted: ComparisonWanted) -> list[ComparisonShown]:
    """It runs by itself; a further one is refused until it has ended. Answers the newest comparisons."""
    compare(storable(slug), since=wanted.since, at=now(), by=actor(request))
    return comparisons(slug)


@router.get("/drifts", auth=READ, response=Items[ShopDrift], summary="List differences")
def what_differs(
    request: HttpRequest,
    connection: Filter = "",
    state: Annotated[Literal["open", "settled", ""], Query()] = "open",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """The newest first."""
    return listed(drifts(connection=connection, state=state, after=after, limit=limit))


@router.post("/drifts/{drift_id}/let-be", auth=LEAD, response={204: None}, summary="Let a difference be")
def leave(request: HttpRequest, drift_id: RowId, given: Reason) -> None:
    """It does not come back while it stays the same."""
    let_be(int(drift_id), because=given.because, at=now(), by=actor(request))


@router.post("/drifts/{drift_id}/heal", auth=LEAD, response={204: None}, summary="Tell the shop once more")
def tell_once_more(request: HttpRequest, drift_id: RowId) -> None:
    """For a shop that shows less than has left, or less than it said it gave back for us (it is looked up
    first, so nobody is told twice, and nothing is given back twice), and for a price changed there."""
    heal(int(drift_id), at=now(), by=actor(request))


@router.post("/drifts/{drift_id}/take-theirs", auth=LEAD, response={204: None}, summary="Take a shop's price")
def take_what_it_has(request: HttpRequest, drift_id: RowId) -> None:
    """What it costs there is the listing's own price from now on."""
    take_theirs(int(drift_id), at=now(), by=actor(request))
