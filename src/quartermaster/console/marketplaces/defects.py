"""What buyers told a marketplace: written down one by one, or brought as a table."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.fields import Field, elsewhere
from quartermaster.console.gate import actor
from quartermaster.console.marketplaces.uploads import uploaded
from quartermaster.console.notices import tell
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.marketplaces.actions import DefectRow, RowTold, tell_defects
from quartermaster.marketplaces.jobs import count_soon
from quartermaster.marketplaces.queries.defects import defects
from quartermaster.marketplaces.queries.reports import reports
from quartermaster.marketplaces.queries.shops import Shop
from quartermaster.marketplaces.queries.shops import shop as shop_of
from quartermaster.marketplaces.rules.defect_rows import COLUMNS, REQUIRED, defect
from quartermaster.marketplaces.rules.defects import DefectKind, Outcome
from quartermaster.marketplaces.rules.sheets import rows_of

_TEXT_MAX = 1000
_BECAME = ("new", "changed", "same", "refused")
_KINDS = tuple((str(one), str(one)) for one in DefectKind)
_OUTCOMES = tuple((str(one), str(one)) for one in Outcome)


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /marketplaces/acme/defects?after="""
    return _page(request, shop_of(slug))


def write(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /marketplaces/acme/defects"""
    shop = shop_of(slug)
    given = {name: short(request.POST.get(name, "").strip(), _TEXT_MAX) for name in COLUMNS}
    ((_, told),) = _told(request, shop, [(1, given)], source=actor(request))
    if told.errors:
        names = {"external_id": "id"}
        errors = {names.get(name, name): wrong for name, wrong in told.errors.items()}
        return _page(request, shop, given=given, errors=errors)
    tell(request, "Kept." if told.became != "same" else "That was known already.")
    return redirect("marketplaces-defects", slug)


def bring(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /marketplaces/acme/defects.csv: every row for itself, and what became of each."""
    shop, text = shop_of(slug), uploaded(request)
    rows, wrong = rows_of(text, REQUIRED) if text else ([], "a CSV file")
    if wrong:
        raise Invalid(what="The table", errors={"file": wrong})
    return _page(request, shop, brought=_told(request, shop, rows, source="file"))


def _told(
    request: HttpRequest, shop: Shop, rows: Sequence[tuple[int, Mapping[str, str]]], *, source: str
) -> list[tuple[int, RowTold]]:
    """Line -> what became of it."""
    read = [(line, *defect(given)) for line, given in rows]
    sound = [(line, DefectRow(**fields)) for line, fields, _ in read if fields is not None]  # type: ignore[arg-type]  # named by defect()
    answers = tell_defects(
        [row for _, row in sound], connection_id=shop.id, source=source, at=now(), by=actor(request)
    )
    became = dict(zip((line for line, _ in sound), answers, strict=True))
    if any(one.became in ("new", "changed") for one in answers):
        count_soon()
    return [(line, became.get(line) or RowTold("refused", errors=dict(wrong))) for line, _, wrong in read]


def _page(
    request: HttpRequest,
    shop: Shop,
    *,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    brought: Sequence[tuple[int, RowTold]] = (),
) -> HttpResponse:
    wrong = errors or {}
    found = defects(shop.id, after=texts(request, "after")["after"])
    values = {"happened_at": now().date().isoformat()} if given is None else given
    fields = [
        field.filled(values, wrong)
        for field in (
            Field("order", "Order, ours or theirs", hint="SO-12", is_required=True),
            Field("kind", "What it is", kind="select", choices=_KINDS),
            Field("happened_at", "Day", kind="date", is_required=True),
            Field("outcome", "What became of it", kind="select", choices=_OUTCOMES),
            Field("stars", "Stars of feedback", hint="1"),
            Field("id", "Its number there"),
            Field("note", "Note"),
        )
    ]
    became = [one.became for _, one in brought]
    context = {
        "section": "marketplaces",
        "shop": shop,
        "rows": found.items,
        "older": found.next,
        "fields": fields,
        "elsewhere": elsewhere(wrong, fields),
        "brought": {one: became.count(one) for one in _BECAME} if brought else None,
        "refused": [(line, one.errors) for line, one in brought if one.errors][:200],
        "columns": COLUMNS,
        "report": reports(shop)["feedback"],
    }
    return render(request, "marketplaces/defects.html", context, status=422 if errors else 200)
