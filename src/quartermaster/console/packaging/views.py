"""Cartons: what there is, where, what it costs, how it does."""

from typing import Any, NamedTuple

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from msgspec.structs import replace

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.money import BadAmount, to_minor
from quartermaster.core.queries.reports import told
from quartermaster.core.texts import short, whole
from quartermaster.shipping.actions import write_tables
from quartermaster.shipping.queries.cartons import CARTONS_LATELY, CartonRow
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules.tables import ReturnInBox
from quartermaster.stock.queries.locations import locations
from quartermaster.warehouse.actions import change_cartons, change_insert, import_cartons, write_packaging
from quartermaster.warehouse.queries.packaging import packaging_in_force, table_of
from quartermaster.warehouse.rules.carton_rows import COLUMNS, NUMBERS, carton_of, row_of
from quartermaster.warehouse.rules.packaging import Carton, Insert
from quartermaster.warehouse.rules.photos import PhotoRule

FILE_MAX = 500_000
BLANK = Carton("", "", (0, 0, 0), (0, 0, 0), 0, 0, 0)
INSERT_TITLES = {
    "channels": "Channels, by comma",
    "countries": "Countries, by comma",
    "skus": "With one of these SKUs",
    "tags": "Tags of the order",
    "sku": "It is the article (scanned)",
    "weight_g": "Weighs, g",
    "from_on": "From the day",
    "until_on": "Up to the day",
}
LISTS = ("channels", "countries", "skus", "tags")
INSERT = ("code", "title", "sku", "weight_g", "from_on", "until_on", *LISTS)
TITLES = {
    "inner_length_mm": "Inside: length, mm",
    "inner_width_mm": "Inside: width, mm",
    "inner_height_mm": "Inside: height, mm",
    "outer_length_mm": "Outside: length, mm",
    "outer_width_mm": "Outside: width, mm",
    "outer_height_mm": "Outside: height, mm",
    "tare_g": "Weighs, g",
    "weight_max_g": "Takes at most, g",
    "cost_minor": "Costs, cents",
    "void_bp": "Room for filling, 1/100 %",
}


class CartonSeen(NamedTuple):
    """sites: each site and whether it is named. numbers: (name, title, value) of what can be filled in."""

    carton: Carton
    numbers: list[tuple[str, str, str]]
    sites: list[tuple[str, bool]]
    did: CartonRow | None


def packaging(request: HttpRequest) -> HttpResponse:
    """GET /packaging"""
    return _shown(request)


def change(request: HttpRequest) -> HttpResponse:
    """POST /packaging: one carton, new or changed; the version it was made from."""
    given = request.POST
    row = {name: short(given.get(name, ""), 255) for name in COLUMNS}
    row |= {"sites": "|".join(given.getlist("site")), "is_on": "yes" if given.get("is_on") else "no"}
    carton, wrong = carton_of(row)
    if carton is None:
        return _shown(request, errors={row["code"] or "The carton": wrong})
    try:
        made = change_cartons([carton], **_written(request))
    except Invalid as refusal:
        return _shown(request, errors=dict(refusal.errors))
    tell(request, f"{carton.code} is in force with version {made.version} of the packaging.")
    return redirect("packaging")


def insert(request: HttpRequest) -> HttpResponse:
    """POST /packaging/inserts: one insert, new, changed or taken out."""
    given = {name: short(request.POST.get(name, "").strip(), 255) for name in INSERT}
    lists = {name: [each.strip() for each in given[name].split(",") if each.strip()] for name in LISTS}
    dates = {name: given[name] or None for name in ("from_on", "until_on")}
    told = {**given, **lists, **dates, "first_order": bool(request.POST.get("first_order"))}
    try:
        made = msgspec.convert({**told, "weight_g": given["weight_g"] or 0}, Insert, strict=False)
        change_insert(made, is_gone=bool(request.POST.get("is_gone")), **_written(request))
    except msgspec.ValidationError as error:
        return _shown(request, errors={given["code"] or "The insert": str(error)})
    except Invalid as refusal:
        return _shown(request, errors=dict(refusal.errors))
    became = "taken out" if request.POST.get("is_gone") else "in force"
    tell(request, f"{made.code} is {became}.")
    return redirect("packaging")


def photos(request: HttpRequest) -> HttpResponse:
    """POST /packaging/photos: parcels that want a photo, one rule more, or one switched off."""
    given, found = request.POST, packaging_in_force().packaging
    off = given.get("off", "")
    try:
        if off:
            left = tuple(one for n, one in enumerate(found.photos) if str(n) != off)
        else:
            left = (*found.photos, _photo_rule(request))
        write_packaging(replace(found, photos=left), **_written(request))
    except Invalid as refusal:
        return _shown(request, errors=dict(refusal.errors))
    tell(request, "Switched off." if off else "Asked for from now on.")
    return redirect("packaging")


def _photo_rule(request: HttpRequest) -> PhotoRule:
    given = request.POST
    lists = {
        name: tuple(each.strip() for each in short(given.get(name, ""), 2000).split(",") if each.strip())
        for name in LISTS
    }
    currency = short(given.get("currency", "").strip().upper(), 3)
    worth = given.get("worth", "").strip().replace(",", ".")
    try:
        least = to_minor(worth, currency) if worth else 0
    except BadAmount as error:
        raise Invalid(what="The rule", errors={"worth": str(error)}) from None
    currency = currency if least else ""
    return PhotoRule(**lists, is_fragile=bool(given.get("is_fragile")), from_minor=least, currency=currency)


def returns(request: HttpRequest) -> HttpResponse:
    """POST /packaging/returns: labels for the way back, on for sites and countries, or one switch off."""
    given, tables = request.POST, tables_in_force().tables
    countries = [each.strip().upper() for each in given.get("countries", "").split(",") if each.strip()]
    off = given.get("off", "")
    if off:
        left = tuple(one for n, one in enumerate(tables.returns) if str(n) != off)
    else:
        switch = ReturnInBox(tuple(given.getlist("site")), tuple(countries), bool(given.get("on_scan")))
        left = (*tables.returns, switch)
    try:
        write_tables(replace(tables, returns=left), **_written(request))
    except Invalid as refusal:
        return _shown(request, errors=dict(refusal.errors))
    tell(request, "Switched off." if off else "Switched on.")
    return redirect("packaging")


def table(request: HttpRequest) -> HttpResponse:
    """GET /packaging/cartons.csv"""
    answer = HttpResponse(
        table_of(packaging_in_force().packaging.cartons), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="cartons.csv"'
    return answer


def bring(request: HttpRequest) -> HttpResponse:
    """POST /packaging/cartons.csv: all rows of a file, or none and what is wrong with each."""
    sent = request.FILES.get("file")
    try:
        if sent is None or not sent.size or sent.size > FILE_MAX:
            raise Invalid(what="The table", errors={"file": f"a CSV file of at most {FILE_MAX // 1000} kB"})
        text = sent.read().decode("utf-8", errors="replace")
        made = import_cartons(text, **_written(request))
    except Invalid as refusal:
        return _shown(request, errors=dict(refusal.errors))
    tell(request, f"The table is in force with version {made.version} of the packaging.")
    return redirect("packaging")


def _written(request: HttpRequest) -> dict[str, Any]:
    """Why, made from which version, when, and by whom."""
    said = request.POST.get("version", "")
    basis = whole(said, 8)
    because = short(request.POST.get("because", "").strip(), 255)
    return {"because": because, "version": basis, "at": now(), "by": actor(request)}


def _shown(request: HttpRequest, *, errors: dict[str, str] | None = None) -> HttpResponse:
    found = packaging_in_force()
    sites = [site.code for site in locations() if site.kind in ("own", "store")]
    report = told(CARTONS_LATELY, at=now())
    did = {row.carton: row for row in report.found}
    seen = [_seen(each, sites, did.get(each.code)) for each in found.packaging.cartons]
    context = {
        "section": "packaging",
        "found": found,
        "packaging": found.packaging,
        "cartons": seen,
        "new": _seen(BLANK, sites, None),
        "kinds": ("box", "mailer"),
        "inserts": [(one, _texts(one)) for one in found.packaging.inserts],
        "no_insert": _texts(Insert("", "")),
        "tables": tables_in_force().tables,
        "sites": sites,
        "report": report,
        "errors": errors or {},
    }
    return render(request, "packaging/packaging.html", context, status=422 if errors else 200)


def _seen(carton: Carton, sites: list[str], did: CartonRow | None) -> CartonSeen:
    row = row_of(carton)
    numbers = [(name, TITLES[name], row[name] if carton.code else "") for name in NUMBERS]
    return CartonSeen(carton, numbers, [(site, site in carton.sites) for site in sites], did)


def _texts(insert: Insert) -> list[tuple[str, str, str]]:
    """(name, title, value) of what can be filled in beside code and title."""
    given = {**{name: ", ".join(getattr(insert, name)) for name in LISTS}, "sku": insert.sku}
    given |= {"weight_g": str(insert.weight_g), "from_on": str(insert.from_on or "")}
    given["until_on"] = str(insert.until_on or "")
    return [(name, title, given[name]) for name, title in INSERT_TITLES.items()]
