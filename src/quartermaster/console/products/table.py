"""Products as a table: choose columns, which stand in the address; edit cells, see the difference, apply."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.catalog.actions import edit_skus, preview_edits
from quartermaster.catalog.rules.columns import COLUMNS, ORDINARY
from quartermaster.catalog.rules.edits import Edit
from quartermaster.console.asked import one_of
from quartermaster.console.gate import actor
from quartermaster.console.products.changes import told
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import storable
from quartermaster.quality.queries.rows import product_rows
from quartermaster.quality.rules.causes import CAUSES

ROWS, COLUMNS_MAX, CELL_MAX = 40, 16, 2000
# what helps with a cause
COLUMNS_OF = {
    "no-weight": ("title", "weight_g"),
    "weight-off": ("title", "weight_g", "length_mm", "width_mm", "height_mm"),
    "no-size": ("title", "length_mm", "width_mm", "height_mm"),
    "size-off": ("title", "weight_g", "length_mm", "width_mm", "height_mm"),
    **dict.fromkeys(("no-barcode", "barcode-form", "barcode-digit", "barcode-lost"), ("title", "barcodes")),
    "no-hs-code": ("title", "hs_code", "origin_country"),
    "no-origin": ("title", "hs_code", "origin_country"),
    "no-cost": ("title", "cost", "currency"),
    "unit-off": ("title", "base_unit", "units", "barcodes"),
}


def table(request: HttpRequest) -> HttpResponse:
    """GET /products/table?cols=title,weight_g&q=&cause=&inactive=&after="""
    asked = Asked(request.GET)
    found = product_rows(
        asked.columns, q=asked.q, cause=asked.cause, inactive=asked.inactive, after=asked.after, limit=ROWS
    )
    context = {
        "section": "products",
        "asked": asked,
        "columns": [COLUMNS[name] for name in asked.columns],
        "every": [(column, name in asked.columns) for name, column in COLUMNS.items()],
        "rows": [(row, [(COLUMNS[name], row.cells[name]) for name in asked.columns]) for row in found.items],
        "causes": list(CAUSES.values()),
        "address": asked.address(),
        "newer": f"?{asked.address()}" if asked.after else None,
        "older": f"?{asked.address(after=found.next)}" if found.next else None,
    }
    return render(request, "products/table.html", context)


def change(request: HttpRequest) -> HttpResponse:
    """POST /products/table: show the difference, or apply it."""
    asked, edits = Asked(request.GET), _edits(request.POST)
    if request.POST.get("what") == "apply":
        number = edit_skus(edits, kind="table", at=now(), by=actor(request))
        return redirect("products-change", edit_id=number)
    planned = preview_edits(edits)
    given = {edit.code: edit for edit in edits}
    changed = [row for row in planned if row.changes or row.refused or row.notes]
    context = {
        "section": "products",
        "address": asked.address(after=asked.after),
        "rows": [(row, told(row.changes), "; ".join(row.notes)) for row in changed],
        "kept": [
            (n, given[row.code], [(name, given[row.code].cells[name]) for name in row.changes])
            for n, row in enumerate(changed)
            if row.changes and not row.refused
        ],
        "refused": sum(bool(row.refused) for row in changed),
    }
    return render(request, "products/preview.html", context)


class Asked:
    """What the address asks for. Columns that are none are left out; none at all are the ordinary ones."""

    def __init__(self, given: QueryDict) -> None:
        named = [*given.getlist("col"), *given.get("cols", "").split(",")]
        self.q, self.after = (storable(given.get(name, ""))[:255].strip() for name in ("q", "after"))
        self.cause = one_of(given.get("cause", ""), CAUSES)
        self.inactive = given.get("inactive") == "1"
        wanted = dict.fromkeys(name for name in named if name in COLUMNS)
        self.columns: Sequence[str] = tuple(wanted)[:COLUMNS_MAX] or COLUMNS_OF.get(self.cause, ORDINARY)

    def address(self, *, after: str = "") -> str:
        keep = {"cols": ",".join(self.columns), "q": self.q, "cause": self.cause, "after": after}
        keep["inactive"] = "1" if self.inactive else ""
        return urlencode({name: value for name, value in keep.items() if value}, safe=",")


def _edits(given: QueryDict) -> list[Edit]:
    """Rows of the form: code:0, version:0, cell:0:weight_g. A cell that is empty is emptied."""
    cells: dict[str, dict[str, str]] = {}
    for key in given:
        kind, _, rest = key.partition(":")
        place, _, name = rest.partition(":")
        if kind == "cell" and name in COLUMNS:
            cells.setdefault(place, {})[name] = storable(given.get(key, ""))[:CELL_MAX]
    edits = []
    for place, wanted in cells.items():
        version = given.get(f"version:{place}", "")
        if not (version.isascii() and version.isdecimal() and len(version) < 18):
            raise Invalid(what="The table", errors={f"version:{place}": "must be a whole number"})
        code = storable(given.get(f"code:{place}", ""))[:255]
        edits.append(Edit(code=code, cells=wanted, version=int(version)))
    if not edits:
        raise Invalid(what="The table", errors={"rows": "there is none in it"})
    return edits
