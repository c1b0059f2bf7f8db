"""Whether promises mean what they say."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.allocation.rules.transit import LEAST, SHARE
from quartermaster.console.asked import one_of
from quartermaster.console.late.scores import DAYS
from quartermaster.core.queries.reports import told
from quartermaster.tracking.queries.calibration import Kept, promises

BY = {"lane": "By lane", "site": "By site"}


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/promises?by=&days="""
    by = one_of(request.GET.get("by", ""), BY) or "lane"
    days = one_of(request.GET.get("days", ""), DAYS) or "30"
    shown = told(promises(by, int(days)), at=now())  # type: ignore[arg-type]  # one of the keys above
    context = {
        "section": "ship",
        "by": by,
        "days": days,
        "told": DAYS[days],
        "aim": round(100 * SHARE),
        "tabs": [(name, title, f"?by={name}&days={days}") for name, title in BY.items()],
        "windows": [(name, title, f"?by={by}&days={name}") for name, title in DAYS.items()],
        "rows": [(row, round(100 * row.share, 1), *_verdict(row)) for row in shown.found],
        "computed_at": shown.computed_at,
    }
    return render(request, "tracking/promises.html", context)


def _verdict(row: Kept) -> tuple[str, str, str]:
    """Between which shares, what that means, and its tone."""
    low, high = row.between
    between = f"{100 * low:.0f} to {100 * high:.0f} %"
    if row.due < LEAST:
        return between, "too few to say", ""
    if high < SHARE:
        return between, "promises too much", "is-bad"
    if low > SHARE:
        return between, "could promise sooner", "is-accent"
    return between, "as promised", "is-good"
