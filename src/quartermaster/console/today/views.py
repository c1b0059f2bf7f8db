"""GET /: the briefing of sixty seconds, and then the queue of the day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.care import names_of
from quartermaster.console.causes import queries as causes
from quartermaster.console.causes.cause import Cause, When
from quartermaster.console.gate import who
from quartermaster.console.kpi.asked import Asked
from quartermaster.console.orders import lists
from quartermaster.console.templatetags.console import count, money
from quartermaster.console.today import queries
from quartermaster.console.today.span import Span
from quartermaster.console.today.words import Task, sections, sentence
from quartermaster.insight.queries.overview import kept_overview
from quartermaster.insight.rules.definitions import KPIS
from quartermaster.insight.rules.ranges import period_of
from quartermaster.insight.rules.words import told_value

_TITLES = {When.NOW: "Now", When.NEXT: "Next", When.LATER: "Later"}
_FUNNEL = (
    ("ready", "to pick"),
    ("picking", "picking"),
    ("unlabelled", "packed"),
    ("labelled", "labelled"),
    ("gone", "gone"),
)
_FIGURES = (
    "order_processing_hours",
    "on_time_dispatch_rate",
    "on_time_delivery_rate",
    "return_rate",
    "fulfilment_accuracy",
)
_OPEN = ("on_hold", "open", "backordered", "ready", "picking", "packed")


class Tile(NamedTuple):
    """A number with what it is compared to. link: to exactly the rows it counts; points: of its curve."""

    title: str
    value: str
    note: str
    tone: str
    link: str
    points: str = ""


def today(request: HttpRequest) -> HttpResponse:
    at = now()
    span = queries.span_at(at)
    mine = who(request)
    tasks = tasks_of(causes.CAUSES.values(), at=at, sites=mine.sites)
    clock = {"now": at, "day_start": span.day_start, "day_end": span.day_end}
    counted = lists.counts({*_OPEN, *(view for view, _ in _FUNNEL)}, lists.Wanted("", {}, clock))
    still_open = sum(counted[view].number for view in _OPEN)
    by_when = sections(tasks)
    numbered = [task for when in When for task in by_when[when]]
    return render(
        request,
        "today/today.html",
        {
            "section": "today",
            "span": span,
            "sentence": sentence(count(still_open) if still_open else "", tasks),
            "sections": [
                (_TITLES[when], [(numbered.index(task) + 1, task) for task in by_when[when]])
                for when in When
                if by_when[when]
            ],
            "checked_at": at,
            "tiles": _tiles(span),
            "funnel": [(view, words, counted[view]) for view, words in _FUNNEL],
            "sites": [
                one
                for one in queries.sites(day_start=span.day_start, day_end=span.day_end, until=at)
                if mine.is_at(one.code)
            ],
            "now": at,
        },
    )


def tasks_of(
    of: Iterable[Cause],
    *,
    at: datetime,
    sites: Sequence[str] = (),
    show: str = "open",
    assignee: str = "",
    kept: Mapping[str, str] | None = None,
) -> list[Task]:
    """Every group of these causes that has rows, with its link. sites: what is of others is left out. show,
    assignee: as for causes.groups; kept: what the link to its own page asks for besides."""
    groups = causes.groups(of, at=at, sites=sites, show=show, assignee=assignee)
    names = names_of({one for group in groups for one in group.whose})
    found = []
    for group in groups:
        told = causes.CAUSES[group.cause].tell(group)
        page = f"/exceptions/{group.cause}?{urlencode({'of': group.of, **(kept or {})})}"
        whose = tuple(names.get(one, one) for one in group.whose)
        found.append(Task(group, told._replace(link=told.link or page), page, whose))
    return found


def _tiles(span: Span) -> list[Tile]:
    before_since, before_until = span.week_before
    sold = queries.sold(
        since=span.since, until=span.until, before_since=before_since, before_until=before_until
    )
    window = {"since": span.since.isoformat(), "until": span.until.isoformat()}
    link = f"/orders?{urlencode(window)}"
    orders, before = sum(each.orders for each in sold), sum(each.orders_before for each in sold)
    main = sold[0].currency if sold else ""
    days = queries.by_day(until=span.until, zone=span.zone, currency=main)
    return [
        *(
            Tile(
                "Sales" if n == 0 else f"Sales in {each.currency}",
                money(each.minor, each.currency).removesuffix(".00"),
                *compared(each.minor, each.minor_before),
                f"/orders?{urlencode({**window, 'currency': each.currency})}",
                points([minor for _, minor in days]) if n == 0 else "",
            )
            for n, each in enumerate(sold[:3])
            if each.orders
        ),
        Tile("Orders", f"{orders:,}", *compared(orders, before), link, points([n for n, _ in days])),
        *_figures(span),
    ]


def _figures(span: Span) -> list[Tile]:
    """The KPIs of the last seven days, as they were counted last; none before they were counted at all."""
    period = period_of("7", span.local.date(), span.zone.key)
    kept = kept_overview(period)
    if kept is None:
        return []
    asked = Asked(period, "", kept.computed_at).rows_query  # what came since is not among what it counts
    return [
        Tile(
            KPIS[key].title,
            told_value(key, kept.figures[key]),
            f"7 days, n = {kept.figures[key]['n']:,}",
            "faint",
            f"/kpi/{key}?{asked}",
            curve([value for value in kept.days.get(key, []) if value is not None]),
        )
        for key in _FIGURES
    ]


def compared(value: int, before: int) -> tuple[str, str]:
    """The change against the same stretch a week before, and its tone. With nothing to compare it says so."""
    if not before:
        return "no week before it", "faint"
    change = round(100 * (value - before) / before)
    if not change:
        return "as a week before", "faint"
    sign = "+" if change > 0 else "−"
    return f"{sign}{abs(change):,} % on a week before", "good" if change > 0 else "bad"


def points(values: Sequence[float]) -> str:
    """A curve from 0 in a box of 100 × 24, as the points of an SVG polyline; "" for less than two values."""
    if len(values) < 2 or not max(values):
        return ""
    step, top = 100 / (len(values) - 1), max(values)
    return " ".join(f"{n * step:.1f},{22 - 20 * value / top:.1f}" for n, value in enumerate(values))


def curve(values: Sequence[float]) -> str:
    """The same for a share or a time, drawn from its lowest value: what matters is how it moves."""
    low, high = min(values, default=0), max(values, default=0)
    return points([0.2 * (high - low) + value - low for value in values]) if high > low else ""
