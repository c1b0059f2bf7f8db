"""/api/manifests: parcels scanned out, and handed over to a carrier."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import LIMIT_DEFAULT, After, Code, Items, Limit, Sent, Shape, listed
from quartermaster.api.shipping.shapes import ParcelProblem
from quartermaster.shipping import actions
from quartermaster.shipping.actions.manifest import Closed as ClosedFacts
from quartermaster.shipping.actions.manifest import ScannedOut as ScannedFacts
from quartermaster.shipping.queries.manifests import manifests as read

router = Router(tags=["Manifests"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")


class Manifest(Shape):
    """parcels: how many were scanned out onto it."""

    number: str
    carrier: str
    location: str
    state: Literal["open", "closed"]
    parcels: int
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str


class ScanOut(Sent):
    """A tracking number, or a parcel's number."""

    code: Code


class ScannedOut(Shape):
    """is_new: false when it had been scanned out before."""

    parcel: str
    manifest: str
    is_new: bool


class Closed(Shape):
    """parcels: how many left. stay: those that must not leave, with reasons; they are off the manifest.
    manifest: empty when all stay and none was closed. is_new: false when it had been closed before."""

    manifest: str
    parcels: int
    stay: list[ParcelProblem]
    is_new: bool


@router.get("/manifests", auth=READ, response=Items[Manifest], summary="List manifests")
def manifests(
    request: HttpRequest,
    state: Literal["open", "closed"] | None = None,
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Newest first."""
    return listed(read(state=state or "", after=after, limit=limit))


@router.post("/manifests/scan", auth=WRITE, response=ScannedOut, summary="Scan a parcel out")
def scan(request: HttpRequest, scanned: ScanOut) -> ScannedFacts:
    """It goes on the open manifest of its carrier and site, which is opened when there is none."""
    return actions.scan_out(scanned.code, at=now(), by=actor(request))


@router.post("/manifests/{number}/close", auth=WRITE, response=Closed, summary="Hand a manifest over")
def close(request: HttpRequest, number: str) -> dict[str, Any]:
    """Everything on it leaves: units, lines, parcels. What must not leave is taken off and named. Closing it
    again answers the same and does nothing."""
    return _closed(actions.close_manifest(number, at=now(), by=actor(request)))


@router.post("/locations/{code}/hand-over", auth=WRITE, response=list[Closed], summary="Hand everything over")
def hand_over(request: HttpRequest, code: str) -> list[dict[str, Any]]:
    """Every labelled parcel of a site, one manifest a carrier, without a scan."""
    return [_closed(each) for each in actions.hand_over_all(code, at=now(), by=actor(request))]


def _closed(closed: ClosedFacts) -> dict[str, Any]:
    stay = [{"parcel": f"P-{each.parcel_id}", "because": each.because} for each in closed.stay]
    return {"manifest": closed.manifest, "parcels": closed.parcels, "stay": stay, "is_new": closed.is_new}
