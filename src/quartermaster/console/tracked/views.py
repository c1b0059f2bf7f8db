"""The page of one order, for whoever has its link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.tracked import words
from quartermaster.console.tracked.limit import Limit
from quartermaster.console.tracked.queries import waited
from quartermaster.tracking.queries.links import order_of

limit = Limit()
_HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


def tracked(request: HttpRequest, link: str) -> HttpResponse:
    """GET /t/LINK: 404 for a link that we did not make, 429 for one that is looked at without a break."""
    order_id = order_of(link)
    if order_id is None:
        return _page(request, 404, "This link does not lead to an order.")
    if not limit.allows(order_id):
        answer = _page(request, 429, "This page was asked for too often. Try it again in a minute.")
        answer["Retry-After"] = "60"
        return answer
    order = waited(order_id)
    if order is None:
        return _page(request, 404, "This order is no longer kept here.")
    parcels = [
        (
            parcel,
            words.state(parcel),
            words.link(parcel),
            words.day(parcel.promised_on) if parcel.promised_on else "",
            [(scan, words.SCANS[scan.status]) for scan in parcel.scans],
        )
        for parcel in order.parcels
    ]
    said = words.sentence(order, today=now().date())
    return _page(request, 200, said, order=order, parcels=parcels)


def _page(request: HttpRequest, status: int, said: str, **more: object) -> HttpResponse:
    answer = render(request, "tracked/order.html", {"said": said, **more}, status=status)
    for name, value in _HEADERS.items():
        answer[name] = value
    return answer
