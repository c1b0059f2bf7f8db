"""The figures of a period, and the rows behind one of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.asked import one_of, texts
from quartermaster.console.kpi.asked import Asked, asked
from quartermaster.console.kpi.line import HEIGHT, WIDTH, lines
from quartermaster.console.templatetags.console import money
from quartermaster.insight import queries
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.queries.overview import Overview, kept_overview, overview
from quartermaster.insight.queries.rows import defined
from quartermaster.insight.rules.days import Period
from quartermaster.insight.rules.definitions import EXCLUDED, KPIS, Definition, Fold
from quartermaster.insight.rules.ranges import RANGES
from quartermaster.insight.rules.words import aside, change, hours, percent, told_value

FRESH = timedelta(hours=2)  # older than that, nobody keeps it fresh: it is counted now
QUICK_MS = 150  # what is counted faster is counted now
ROWS_A_PAGE = 50
_OF_MONEY = (Fold.COUNT, Fold.SUM, Fold.MEAN_MONEY)  # their rows are orders with a total
GROUPS = (
    ("Sales", ("sales", "orders", "average_order_value", "cancellation_rate")),
    (
        "Fulfilment",
        ("order_processing_hours", "on_time_dispatch_rate", "fulfilment_accuracy", "perfect_order_rate"),
    ),
    ("The floor", ("pick_hours", "pack_hours", "dispatch_hours")),
    ("Delivery", ("order_cycle_hours", "on_time_delivery_rate", "on_time_delivery_rate_by_timestamp")),
    ("After the sale", ("return_rate", "csat", "csat_mean", "nps")),
    ("Stock", ("inventory_turnover", "aging_stock_share")),
)


def kpi(request: HttpRequest) -> HttpResponse:
    """GET /kpi?range=28 or ?from=&to=, &tz="""
    at = now()
    wanted = asked(request, at)
    shown = _overview(wanted.period, at)
    # Rows that came since a figure was kept are not among those it counted.
    behind = replace(wanted, known_at=shown.computed_at if shown.computed_at != at else None)
    before = wanted.period.before()
    return render(
        request,
        "kpi/kpi.html",
        {
            "section": "kpi",
            "asked": wanted,
            "ranges": {name: one.title for name, one in RANGES.items()},
            "groups": [(title, [_tile(key, shown, behind) for key in keys]) for title, keys in GROUPS],
            "before": before,
            "excluded": EXCLUDED,
            "computed_at": shown.computed_at,
            "width": WIDTH,
            "height": HEIGHT,
        },
    )


def _overview(period: Period, at: datetime) -> Overview:
    """Counted now, unless that takes long and somebody did it a while ago."""
    kept = kept_overview(period, took_ms=QUICK_MS)
    return kept if kept and at - kept.computed_at < FRESH else overview(period, at=at)


def _tile(key: str, shown: Overview, wanted: Asked) -> dict[str, Any]:
    figure = shown.figures[key]
    told, tone = change(key, figure, shown.before[key])
    return {
        "key": key,
        "kpi": KPIS[key],
        "figure": figure,
        "value": told_value(key, figure),
        "aside": aside(key, {**figure, "provisional": False}),
        "change": told,
        "tone": tone,
        "then": told_value(key, shown.before[key]),
        "lines": lines(shown.days.get(key, [])),
        "reasons": [
            (one["because"], one["units"], percent(one["share"])) for one in figure.get("top_reasons", ())
        ],
        "query": wanted.rows_query,
    }


def rows(request: HttpRequest, key: str) -> HttpResponse:
    """GET /kpi/return_rate?from=&to=&tz=&as_known_at=&side=&after="""
    at = now()
    definition, wanted = defined(key), asked(request, at)
    given = texts(request, "side", "after")
    side: Any = one_of(given["side"], ("numerator",)) or "counted"
    found = queries.rows(
        key, Ask(wanted.period, at, wanted.known_at), side=side, after=given["after"], limit=ROWS_A_PAGE
    )
    query = wanted.rows_query + ("&side=numerator" if side == "numerator" else "")
    return render(
        request,
        "kpi/rows.html",
        {
            "section": "kpi",
            "kpi": definition,
            "asked": wanted,
            "side": side,
            "has_due": any(row.due for row in found.items),
            "measures": "Order total" if definition.fold in _OF_MONEY else definition.title,
            "has_sides": definition.fold in (Fold.RATIO, Fold.RATIO_MONEY, Fold.NPS),
            "rows": [_row(row, definition, wanted.period) for row in found.items],
            "newer": f"?{query}" if given["after"] else None,
            "older": f"?{query}&{urlencode({'after': found.next})}" if found.next else None,
        },
    )


def _row(row: queries.Row, definition: Definition, period: Period) -> dict[str, Any]:
    kind, _, name = row.subject.partition(":")
    return {
        "kind": kind,
        "name": name,
        "on": period.dates[row.day - 1] if definition.fold is not Fold.RATIO_MONEY else None,
        "at": row.at,
        "due": row.due,
        "is_hit": row.is_hit,
        "value": _value(row, definition),
        "minor": int(row.value) if definition.fold in _OF_MONEY else None,
        "currency": row.part,
    }


def _value(row: queries.Row, definition: Definition) -> str:
    """What this row adds, as a person would say it."""
    if definition.fold is Fold.HOURS:
        return hours(float(row.value))
    if definition.fold is Fold.RATIO and definition.key == "return_rate":
        return f"{int(row.value):,} of {int(row.weight):,} units"
    if definition.fold is Fold.RATIO_MONEY:
        return f"{money(round(row.value), row.part)} of {money(round(row.weight), row.part)}"
    if definition.fold is Fold.RATIO:
        return "yes" if row.is_hit else "no"
    return f"{float(row.value):g}"
