"""Dispatch: parcels go onto their carrier's open manifest, scan by scan; a closed one is handed over."""

from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.floor.scans import hear
from quartermaster.console.gate import actor, who
from quartermaster.console.models import FloorScan
from quartermaster.console.notices import tell
from quartermaster.core.errors import NotFound
from quartermaster.core.texts import short
from quartermaster.shipping import actions
from quartermaster.shipping.queries.dispatch import missing, open_manifests, site_of_parcel

type Answer = HttpResponse

SHOWN = 50


def dispatch(request: HttpRequest) -> Answer:
    """GET /floor/dispatch?site="""
    return _shown(request, texts(request, "site")["site"])


def scan(request: HttpRequest) -> Answer:
    """POST /floor/dispatch: a tracking number or a parcel's, under the scan's id."""
    site = short(request.POST.get("site", ""), 80)

    def out(scan: FloorScan) -> str:
        found = site_of_parcel(scan.text)
        if found and not who(request).is_at(found):
            raise NotFound(what="parcel here", which=scan.text[:60])
        done = actions.scan_out(scan.text, at=scan.scanned_at, by=scan.by)
        how = f"is on {done.manifest}" if done.is_new else f"was on {done.manifest} already"
        return f"{done.parcel} {how}."

    return _shown(request, site, **hear(request, f"dispatch:{site}", out))


def close(request: HttpRequest, number: str) -> Answer:
    """POST /floor/dispatch/M-3/close: the carrier has it all."""
    closed = actions.close_manifest(number, at=now(), by=actor(request))
    parcels = f"{closed.parcels} parcel{'' if closed.parcels == 1 else 's'}"
    stay = " ".join(f"P-{each.parcel_id} stays: {each.because}." for each in closed.stay[:5])
    tell(request, f"{closed.manifest} is handed over: {parcels} gone. {stay}".strip())
    return redirect(f"/floor/dispatch?{urlencode({'site': request.POST.get('site', '')[:80]})}")


def _shown(request: HttpRequest, site: str, *, right: str = "", wrong: str = "") -> Answer:
    left = missing(site, limit=SHOWN + 1)
    context = {
        "section": "floor",
        "site": site,
        "manifests": [one for one in open_manifests(site) if who(request).is_at(one.location)],
        "left": left[:SHOWN],
        "is_more": len(left) > SHOWN,
        "next_scan": uuid4(),
        "right": right,
        "wrong": wrong,
    }
    return render(request, "floor/dispatch.html", context, status=409 if wrong else 200)
