"""What was changed of many products at once, and taking it back."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.catalog.actions import undo_edit
from quartermaster.catalog.queries.edits import edit, edit_rows, edits
from quartermaster.catalog.rules.columns import COLUMNS
from quartermaster.console.asked import texts
from quartermaster.console.gate import actor
from quartermaster.console.notices import Undo, tell
from quartermaster.console.orders.queries import user_names
from quartermaster.console.orders.timeline import actor as named
from quartermaster.console.products import words

ROWS = 200


def changes(request: HttpRequest) -> HttpResponse:
    """GET /products/changes?after="""
    after = texts(request, "after")["after"]
    found = edits(after=after)
    names = user_names({one.made_by.removeprefix("user:") for one in found.items})
    told = [(one, words.KINDS[one.kind], words.became(one), named(one.made_by, names)) for one in found.items]
    context = {
        "section": "products",
        "rows": told,
        "newer": "?" if after else None,
        "older": f"?after={found.next}" if found.next else None,
    }
    return render(request, "products/changes.html", context)


def change(request: HttpRequest, edit_id: int) -> HttpResponse:
    """GET /products/changes/7?show=refused&after="""
    asked = texts(request, "show", "after")
    only = asked["show"] == "refused"
    shown, rows = edit(edit_id), edit_rows(edit_id, only_refused=only, after=asked["after"], limit=ROWS + 1)
    names = user_names({shown.made_by.removeprefix("user:")})
    context = {
        "section": "products",
        "edit": shown,
        "kind": words.KINDS[shown.kind],
        "became": words.became(shown),
        "who": named(shown.made_by, names),
        "rows": [(row, told(row.changes), row.notes) for row in rows[:ROWS]],
        "only": only,
        "older": f"?{'show=refused&' if only else ''}after={rows[ROWS - 1].id}" if len(rows) > ROWS else None,
        "percent": 100 * shown.looked_at // max(1, shown.rows),
    }
    return render(request, "products/change.html", context)


def undo(request: HttpRequest, edit_id: int) -> HttpResponse:
    """POST /products/changes/7: take it back."""
    back = edit(undo_edit(edit_id, at=now(), by=actor(request)))
    again = Undo(reverse("products-change", args=[back.id]), {"what": "undo"}) if back.changed else None
    tell(request, f"Change {edit_id} is taken back: {words.became(back)}.", undo=again)
    return redirect("products-change", edit_id=back.id)


def told(changes: Mapping[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
    """(column, before, after) of a row."""
    return [(COLUMNS[name].title, *pair) for name, pair in changes.items()]
