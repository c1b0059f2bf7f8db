"""How long orders take and how many are in time, week by week."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.kpi.asked import Asked, asked
from quartermaster.console.kpi.line import HEIGHT, WIDTH, lines
from quartermaster.insight.queries.weeks import Weeks, kept_weeks, weeks
from quartermaster.insight.rules.days import Period, day_of
from quartermaster.insight.rules.definitions import KPIS
from quartermaster.insight.rules.weeks import KEYS, WEEKS, weeks_until
from quartermaster.insight.rules.words import change, hours, told_value

FRESH = timedelta(hours=2)  # older than that, nobody keeps them fresh: they are counted now
QUICK_MS = 150  # what is counted faster is counted now


def page(request: HttpRequest) -> HttpResponse:
    """GET /kpi/weeks?tz=&as_known_at=: weeks begin on Monday."""
    at = now()
    wanted = asked(request, at)
    known_at = wanted.known_at
    tz = wanted.period.tz
    period = weeks_until(day_of(known_at or at, tz), tz)
    shown = _weeks(period, at) if known_at is None else weeks(period, at=at, known_at=known_at)
    found = shown.figures
    # Rows that came since the weeks were kept are not among those they counted.
    behind = replace(wanted, known_at=known_at if shown.computed_at == at else shown.computed_at)
    context = {
        "section": "kpi",
        "asked": replace(wanted, period=period),
        "tiles": [_tile(key, found[key]) for key in KEYS],
        "weeks": [_row(n, found, behind) for n in reversed(range(WEEKS + 1))],
        "titles": [KPIS[key].title for key in KEYS],
        "computed_at": shown.computed_at,
        "width": WIDTH,
        "height": HEIGHT,
    }
    return render(request, "kpi/weeks.html", context)


def _weeks(period: Period, at: datetime) -> Weeks:
    """Counted now, unless that takes long and somebody did it a while ago."""
    kept = kept_weeks(period, took_ms=QUICK_MS)
    return kept if kept and at - kept.computed_at < FRESH else weeks(period, at=at)


def _tile(key: str, weeks: list[dict[str, Any]]) -> dict[str, Any]:
    """The newest whole week beside the one before, and the line of all whole ones."""
    last, before = weeks[WEEKS - 1], weeks[WEEKS - 2]
    told, tone = change(key, last, before)
    return {
        "kpi": KPIS[key],
        "value": told_value(key, last),
        "then": told_value(key, before),
        "change": told,
        "tone": tone,
        "lines": lines([one["value"] for one in weeks[:WEEKS]]),
    }


def _row(n: int, found: Mapping[str, list[dict[str, Any]]], wanted: Asked) -> dict[str, Any]:
    week = found[KEYS[0]][n]
    first, last = (date.fromisoformat(week[name]) for name in ("begins_on", "ends_on"))
    of_week = replace(wanted, period=Period(first, last, wanted.period.tz))
    return {
        "first": first,
        "last": last,
        "is_under_way": n == WEEKS,
        "query": of_week.rows_query,
        "cells": [_cell(key, found[key][n]) for key in KEYS],
    }


def _cell(key: str, told: Mapping[str, Any]) -> dict[str, Any]:
    p90 = told.get("p90")
    return {
        "key": key,
        "title": KPIS[key].title,
        "value": told_value(key, told),
        "n": told["n"],
        "p90": None if p90 is None else hours(p90),
    }
