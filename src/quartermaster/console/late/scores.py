"""How well carriers did."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.asked import one_of
from quartermaster.core.queries.reports import told
from quartermaster.tracking.queries.scorecard import WINDOWS, Score, scores

BY = {"carrier": "By carrier", "service": "By service", "lane": "By lane"}
DAYS = {str(days): f"{days} days" for days in WINDOWS}


class Row(NamedTuple):
    """Shares in per cent, None where there is nothing to have a share of; money in minor units."""

    score: Score
    on_time: int | None
    first_time: int | None
    scanned: int | None
    trouble: int
    each_minor: int | None
    kilogram_minor: int | None


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/scorecard?by=&days="""
    by = one_of(request.GET.get("by", ""), BY) or "carrier"
    days = one_of(request.GET.get("days", ""), DAYS) or "14"
    shown = told(scores(by, int(days)), at=now())  # type: ignore[arg-type]  # one of the keys above
    context = {
        "section": "ship",
        "by": by,
        "days": days,
        "told": DAYS[days],
        "tabs": [(name, title, f"?by={name}&days={days}") for name, title in BY.items()],
        "windows": [(name, title, f"?by={by}&days={name}") for name, title in DAYS.items()],
        "rows": [_row(score) for score in shown.found],
        "computed_at": shown.computed_at,
    }
    return render(request, "tracking/scorecard.html", context)


def _row(score: Score) -> Row:
    return Row(
        score,
        _share(score.on_time, score.due),
        _share(score.first_time, score.delivered),
        _share(score.scanned, score.owed_scan),
        score.in_trouble + score.returned + score.lost + score.damaged,
        round(score.cost_minor / score.priced) if score.priced else None,
        round(score.cost_of_weight_minor * 1000 / score.weight_g) if score.weight_g else None,
    )


def _share(count: int, of: int) -> int | None:
    return round(100 * count / of) if of else None
