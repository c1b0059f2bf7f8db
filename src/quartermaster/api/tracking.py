"""/api/scans, /api/parcels/{parcel}/scans: telling what happened to parcels; and how well carriers did."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import AfterValidator, Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    Moment,
    Money,
    ParcelId,
    Sent,
    Shape,
    Text,
)
from quartermaster.core.queries.reports import told
from quartermaster.core.texts import storable
from quartermaster.tracking.actions import scan
from quartermaster.tracking.ports import ScanTold
from quartermaster.tracking.queries import one
from quartermaster.tracking.queries.scorecard import Score as ScoreFound
from quartermaster.tracking.queries.scorecard import scores as scores_of

router = Router(tags=["Tracking"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")
Status = Literal[
    "unknown",
    "pre_transit",
    "accepted",
    "in_transit",
    "out_for_delivery",
    "available_for_pickup",
    "exception",
    "return_to_sender",
    "cancelled",
    "delivered",
]


class ScanSent(Sent):
    """One thing told of a parcel, named by `parcel` or by `tracking_number`. Without `status` the `code` is
    read by the carrier's table. `key`: the carrier's own id of it, if it has one."""

    at: Moment
    parcel: ParcelId | None = None
    tracking_number: Text = ""
    carrier: Text = ""
    status: Status | None = None
    code: Text = ""
    message: Annotated[str, Field(max_length=1000), AfterValidator(storable)] = ""
    place: Text = ""
    key: Text = ""


class ScansSent(Sent):
    scans: Annotated[list[ScanSent], Field(min_length=1, max_length=1000)]


class ScanTaken(Shape):
    """What became of a row. `known`: told before, nothing changes. `status`: how it was read."""

    row: int
    outcome: Literal["new", "known", "no_parcel", "refused"]
    parcel: str | None
    status: str
    because: str


class ScansTaken(Shape):
    results: list[ScanTaken]


class ScanRead(Shape):
    """at: when it happened; recorded_at: when we learned of it; code: the carrier's own."""

    at: datetime
    status: Status
    code: str
    message: str
    place: str
    source: str
    recorded_at: datetime


class TrackedParcel(Shape):
    """A parcel and what was told of it, the newest first. status: what it adds up to, "" before anything."""

    parcel: str
    order: str
    state: str
    carrier: str
    service: str
    tracking_number: str
    status: str
    promised_on: date | None
    promised_by: datetime | None
    handed_over_at: datetime | None
    first_scan_at: datetime | None
    last_scan_at: datetime | None
    delivered_at: datetime | None
    scans: list[ScanRead]


@router.post("/scans", auth=WRITE, response=ScansTaken, summary="Tell what happened to parcels")
def scans(request: HttpRequest, wanted: ScansSent) -> dict[str, Any]:
    """In any sequence and as often as you like: a scan counts once. One row that is wrong does not fail the
    others."""
    told = [
        ScanTold(
            at=each.at,
            parcel_id=int(each.parcel) if each.parcel else None,
            tracking_number=each.tracking_number,
            carrier=each.carrier,
            status=each.status or "",
            code=each.code,
            message=each.message,
            place=each.place,
            key=each.key,
        )
        for each in wanted.scans
    ]
    taken = scan(told, source="api", at=now(), by=actor(request))
    return {
        "results": [
            {
                "row": row,
                "outcome": each.outcome.value,
                "parcel": None if each.parcel_id is None else f"P-{each.parcel_id}",
                "status": each.status,
                "because": each.because,
            }
            for row, each in enumerate(taken)
        ]
    }


@router.get(
    "/parcels/{parcel}/scans", auth=READ, response=TrackedParcel, summary="Read what was told of a parcel"
)
def parcel_scans(request: HttpRequest, parcel: ParcelId) -> Any:
    return one(int(parcel))


class Score(Shape):
    """Counts of parcels handed over in the window. on_time is of `due`, first_time of `delivered`, scanned
    (within 24 h of the hand-over) of `owed_scan`. cost is of `priced` labels, cost_of_weight of those that
    were weighed, `weight_g` together. transit_days: median."""

    carrier: str
    service: str
    site: str
    country: str
    parcels: int
    delivered: int
    due: int
    on_time: int
    first_time: int
    owed_scan: int
    scanned: int
    in_trouble: int
    returned: int
    lost: int
    damaged: int
    transit_days: float | None
    priced: int
    cost: Money | None
    weight_g: int
    cost_of_weight: Money | None


class Scores(Shape):
    """`computed_at`: months of parcels are counted once an hour where that takes long."""

    items: list[Score]
    computed_at: datetime


@router.get("/carriers/scorecard", auth=READ, response=Scores, summary="Say how well carriers did")
def scores(
    request: HttpRequest,
    by: Literal["carrier", "service", "lane"] = "carrier",
    days: Annotated[int, Field(ge=1, le=366)] = 30,
) -> dict[str, Any]:
    """The busiest first. A carrier that charged in two currencies has a row for each."""
    shown = told(scores_of(by, days), at=now())
    return {"items": [_score(each) for each in shown.found], "computed_at": shown.computed_at}


def _score(score: ScoreFound) -> dict[str, Any]:
    told = msgspec.structs.asdict(score)
    for name in ("cost", "cost_of_weight"):
        minor = told[f"{name}_minor"]
        told[name] = {"minor": minor, "currency": score.currency} if score.currency else None
    return told
