"""/api/sku-edits: many SKUs changed at once, looked at beforehand, row by row, and taken back."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import AfterValidator, Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (  # fmt: skip
    LIMIT_DEFAULT,
    After,
    Code,
    Items,
    Limit,
    Sent,
    Shape,
    Text,
    listed,
    told_as,
)
from quartermaster.catalog.actions import edit_skus, preview_edits, undo_edit
from quartermaster.catalog.queries import edits as read
from quartermaster.catalog.rules.columns import COLUMNS
from quartermaster.catalog.rules.edits import Edit, Planned

router = Router(tags=["Catalog"])
READ, WRITE = Bearer("catalog:read"), Bearer("catalog:write")
ROWS_MAX = 500


def _known(name: str) -> str:
    if name not in COLUMNS:
        raise ValueError(f"is none of {', '.join(COLUMNS)}")
    return name


ColumnName = Annotated[str, AfterValidator(_known)]
Cell = Annotated[Text, Field(max_length=2000)]


class SkuEdit(told_as(read.EditShown)):  # type: ignore[misc]  # made at run time
    """A change of many SKUs. kind: table, file, fix, listing, undo. looked_at: rows done, while it is
    waiting. undone_by: the change that took it back."""


class SkuEditRow(told_as(read.EditRowShown)):  # type: ignore[misc]  # made at run time
    """changes: column -> [before, after] as text. refused: "", or why nothing was changed."""


class SkuEditWhole(Shape):
    edit: SkuEdit
    rows: list[SkuEditRow]


class SkuEditPlanned(told_as(Planned)):  # type: ignore[misc]  # made at run time
    """What a row would come to."""


class SkuCells(Sent):
    """cells: column -> its text as a table has it, "" empties it; columns that are left out stay. version: of
    the SKU that was looked at (GET /api/quality/skus tells it); then a SKU that changed since is refused."""

    code: Code
    cells: Annotated[dict[ColumnName, Cell], Field(min_length=1)]
    version: Annotated[int, Field(ge=1)] | None = None


class SkuEditWanted(Sent):
    rows: Annotated[list[SkuCells], Field(min_length=1, max_length=ROWS_MAX)]
    because: Text = ""


@router.get("/sku-edits", auth=READ, response=Items[SkuEdit], summary="List changes of many SKUs")
def edits(request: HttpRequest, after: After = "", limit: Limit = LIMIT_DEFAULT) -> dict[str, Any]:
    return listed(read.edits(after=after, limit=limit))


@router.get("/sku-edits/{int:number}", auth=READ, response=SkuEditWhole, summary="Read a change")
def edit(request: HttpRequest, number: int) -> dict[str, Any]:
    return _whole(number)


@router.post("/sku-edits/preview", auth=READ, response=list[SkuEditPlanned], summary="Preview a change")
def preview(request: HttpRequest, wanted: SkuEditWanted) -> list[Planned]:
    """Nothing is written."""
    return preview_edits(_edits(wanted))


@router.post("/sku-edits", auth=WRITE, response={201: SkuEditWhole}, summary="Change many SKUs")
def change(request: HttpRequest, wanted: SkuEditWanted) -> dict[str, Any]:
    """Row by row: one that is refused stops no other."""
    by = actor(request)
    return _whole(edit_skus(_edits(wanted), kind="table", because=wanted.because, at=now(), by=by))


@router.post("/sku-edits/{int:number}/undo", auth=WRITE, response=SkuEditWhole, summary="Take a change back")
def undo(request: HttpRequest, number: int) -> dict[str, Any]:
    """What changed since stays, and its row says so. Answers the change that does it."""
    return _whole(undo_edit(number, at=now(), by=actor(request)))


def _edits(wanted: SkuEditWanted) -> list[Edit]:
    return [Edit(code=row.code, cells=row.cells, version=row.version) for row in wanted.rows]


def _whole(number: int) -> dict[str, Any]:
    return {"edit": read.edit(number), "rows": read.edit_rows(number, limit=1000)}
