"""How long orders take and how many are in time, week by week."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.kpi.asked import Asked, asked
from quartermaster.console.kpi.line import HEIGHT, WIDTH, lines
from quartermaster.insight.queries import by_week
from quartermaster.insight.queries.document import WEEK
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.rules.days import Period, day_of
from quartermaster.insight.rules.definitions import KPIS
from quartermaster.insight.rules.words import change, hours, told_value

WEEKS = 12  # whole ones, and the one under way
KEYS = (
    "order_cycle_hours",
    "order_processing_hours",
    "pick_hours",
    "pack_hours",
    "dispatch_hours",
    "on_time_dispatch_rate",
    "on_time_delivery_rate",
)


def page(request: HttpRequest) -> HttpResponse:
    """GET /kpi/weeks?tz=&as_known_at=: weeks begin on Monday."""
    at = now()
    wanted = asked(request, at)
    known_at = wanted.known_at
    tz = wanted.period.tz
    today = day_of(known_at or at, tz)
    monday = today - timedelta(days=today.weekday())
    period = Period(monday - timedelta(days=WEEK * WEEKS), today, tz)
    found = by_week(KEYS, Ask(period, at, known_at))
    context = {
        "section": "kpi",
        "asked": replace(wanted, period=period),
        "tiles": [_tile(key, found[key]) for key in KEYS],
        "weeks": [_row(n, found, wanted) for n in reversed(range(WEEKS + 1))],
        "titles": [KPIS[key].title for key in KEYS],
        "width": WIDTH,
        "height": HEIGHT,
    }
    return render(request, "kpi/weeks.html", context)


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
