"""Products as a file: written for a spreadsheet, read back, looked at, applied."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.catalog.actions import apply_file, ask_file, asked_rows
from quartermaster.catalog.queries.edits import edit, edit_rows
from quartermaster.catalog.rules.sheets import Line, header, read
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.products.changes import told
from quartermaster.console.products.table import Asked
from quartermaster.core.csvs import reading
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.texts import short
from quartermaster.quality.queries.rows import file_rows

FILE_MAX, SHOWN = 20_000_000, 200


def export(request: HttpRequest) -> HttpResponse:
    """GET /products/table.csv?cols=&q=&cause=&inactive="""
    asked = Asked(request.GET)
    answer = HttpResponse(_lines(asked), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="products.csv"'
    return answer


def ask(request: HttpRequest) -> HttpResponse:
    """GET /products/file"""
    return render(request, "products/file.html", {"section": "products"})


def bring(request: HttpRequest) -> HttpResponse:
    """POST /products/file: read it, and show what it would change."""
    sent = request.FILES.get("file")
    try:
        if sent is None or not sent.size or sent.size > FILE_MAX:
            raise Invalid(what="The file", errors={"file": f"a CSV file of at most {FILE_MAX // 10**6} MB"})
        with NamedTemporaryFile(suffix=".csv") as kept:
            for chunk in sent.chunks():
                kept.write(chunk)
            kept.flush()
            with reading(Path(kept.name)) as sheet:
                found = read(sheet.header, (Line(row.number, row.cells, row.problem) for row in sheet))
    except Refused as refusal:
        wrong = refusal.errors.get("file") or refusal.facts.get("why", refusal.title)
        context = {"section": "products", "wrong": wrong, "remedy": refusal.remedy}
        return render(request, "products/file.html", context, status=422)
    because = short(request.POST.get("because", "").strip(), 255) or short(str(sent.name), 255)
    number = ask_file(found.edits, found.wrong, because=because, at=now(), by=actor(request))
    if found.left_out:
        tell(
            request, short(f"Columns that are none of ours were left out: {', '.join(found.left_out)}.", 500)
        )
    return redirect("products-file-asked", edit_id=number)


def asked(request: HttpRequest, edit_id: int) -> HttpResponse:
    """GET /products/file/7: what the file changes."""
    shown = edit(edit_id)
    if shown.state != "asked":
        return redirect("products-change", edit_id=edit_id)
    planned = asked_rows(edit_id, limit=SHOWN)
    wrong = edit_rows(edit_id, limit=SHOWN)
    rows = [(row, told(row.changes), "; ".join(row.notes)) for row in planned]
    context = {
        "section": "products",
        "edit": shown,
        "rows": [*((row, [], "") for row in wrong), *rows],
        "more": max(0, shown.rows - shown.looked_at - SHOWN),
        "to_apply": shown.rows - shown.looked_at,
    }
    return render(request, "products/file_asked.html", context)


def apply(request: HttpRequest, edit_id: int) -> HttpResponse:
    """POST /products/file/7: apply it."""
    apply_file(edit_id, at=now(), by=actor(request))
    return redirect("products-change", edit_id=edit_id)


def _lines(asked: Asked) -> Iterator[str]:
    yield "\ufeff" + _csv([header(asked.columns)])
    for part in file_rows(asked.columns, q=asked.q, cause=asked.cause, inactive=asked.inactive):
        yield _csv(part)


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
