"""Keeping people to their sites: what a page or form is about is looked up before the page is asked.

A thing of another site is answered like one that does not exist. Who works everywhere costs no statement.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from quartermaster.console.people.queries import Standing
from quartermaster.core import sql
from quartermaster.core.errors import NotFound

# Pages of one site: without one in the address, the person's first.
OF_ONE_SITE = frozenset(
    (
        *("floor", "floor-receive", "floor-put-away", "floor-move", "floor-put-backs", "floor-counts"),
        *("floor-crew", "floor-refills", "floor-dispatch", "floor-waves", "floor-policy"),
    )
)
_LOCATION = "select l.code from {} x join stock_location l on l.id = x.location_id where x.{} = %s"
BY_ARGUMENT = {
    "list_id": _LOCATION.format("warehouse_pick_list", "id"),
    "parcel_id": _LOCATION.format("warehouse_parcel", "id"),
    "arrival_id": _LOCATION.format("inbound_arrival", "id"),
    "wave_id": _LOCATION.format("warehouse_wave", "id"),
    "device_id": _LOCATION.format("console_device", "id"),
}
BY_ROUTE = {  # whose argument says nothing by its name
    **dict.fromkeys(
        ("floor-count", "floor-count-scan", "count-approve", "count-again"),
        ("task_id", _LOCATION.format("warehouse_count_task", "id")),
    ),
    "floor-put-back": ("task_id", _LOCATION.format("warehouse_put_back", "id")),
    "floor-refill": ("task_id", _LOCATION.format("warehouse_refill", "id")),
    "floor-dispatch-close": ("number", _LOCATION.format("shipping_manifest", "id")),
    **dict.fromkeys(
        ("manifest-close", "manifest-tell", "manifest-sheet"),
        ("number", _LOCATION.format("shipping_manifest", "id")),
    ),
    "ship-pickup-cancel": ("number", _LOCATION.format("shipping_pickup", "id")),
    **dict.fromkeys(
        (
            "parcel",
            "parcel-label",
            "parcel-void",
            "parcel-address",
            "parcel-return",
            "parcel-return-void",
            "parcel-paper",
        ),
        ("number", _LOCATION.format("warehouse_parcel", "id")),
    ),
    **dict.fromkeys(
        ("outside-site", "outside-drift", "outside-receipt", "outside-seen", "site-calendar"),
        ("code", "select code from stock_location where code = %s"),
    ),
}


def keep_to_sites(
    request: HttpRequest, person: Standing, route: str, given: Mapping[str, Any]
) -> HttpResponse | None:
    """None, or where to go instead. Raises NotFound for what lies elsewhere."""
    if not person.sites:
        return None
    for named in (request.GET.get("site"), request.POST.get("site")):
        if named and not person.is_at(named):
            raise NotFound(what="site", which=named)
    for query, value in _looked_up(route, given):
        found = sql.run(query, (value,))
        if found and not person.is_at(found[0][0]):
            raise NotFound(what="such thing at", which=" or ".join(person.sites))
    if route in OF_ONE_SITE and request.method in ("GET", "HEAD") and not request.GET.get("site"):
        return redirect(f"{request.path}?{urlencode({'site': person.sites[0]})}")
    return None


def _looked_up(route: str, given: Mapping[str, Any]) -> list[tuple[str, object]]:
    """Statements that yield a site, with a parameter each. P-7 is row 7; the page refuses no numbers."""
    if route not in BY_ROUTE:
        return [(query, given[name]) for name, query in BY_ARGUMENT.items() if name in given]
    name, query = BY_ROUTE[route]
    if name == "code":
        return [(query, given[name])]
    row = str(given[name]).rpartition("-")[2]
    return [(query, int(row))] if row.isascii() and row.isdecimal() and len(row) < 19 else []
