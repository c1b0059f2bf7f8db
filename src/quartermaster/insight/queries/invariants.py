"""What must hold of what insight keeps."""

from collections.abc import Callable

import msgspec

from quartermaster.core import sql
from quartermaster.insight.queries.overview import Overview, Seen, kept_overview, overview, seen
from quartermaster.insight.queries.weeks import kept_weeks, weeks
from quartermaster.insight.rules.days import Period

WEEKS = "select tz, first, last, seen::text from insight_weeks order by last desc, tz limit 2"
KEPT = "select tz, first, last, seen::text from insight_overview order by last desc, first desc, tz limit 4"


def wrong_overviews() -> list[str]:
    """Kept overviews that differ from their rows, though nothing was written since they were computed."""
    wrong = []
    for tz, first, last, told in sql.run(KEPT):
        then, period = msgspec.json.decode(told, type=Seen), Period(first, last, tz)
        kept = kept_overview(period)
        if kept is None or not then.is_quiet or then.ids != seen().ids:
            continue
        exact = overview(period, at=kept.computed_at)
        if seen().ids == then.ids:
            wrong += [
                f"{first} to {last}, {tz}: {key} differs from its rows" for key in _differing(kept, exact)
            ]
    return wrong


def _differing(kept: Overview, exact: Overview) -> list[str]:
    exact = msgspec.convert(msgspec.json.decode(msgspec.json.encode(exact)), Overview)
    return [
        key
        for key in exact.figures
        if kept.figures.get(key) != exact.figures[key]
        or kept.before.get(key) != exact.before[key]
        or kept.days.get(key) != exact.days.get(key)
    ]


def wrong_weeks() -> list[str]:
    """As for overviews."""
    wrong = []
    for tz, first, last, told in sql.run(WEEKS):
        then, period = msgspec.json.decode(told, type=Seen), Period(first, last, tz)
        kept = kept_weeks(period)
        if kept is None or not then.is_quiet or then.ids != seen().ids:
            continue
        exact = msgspec.json.decode(msgspec.json.encode(weeks(period, at=kept.computed_at).figures))
        if seen().ids == then.ids:
            wrong += [
                f"weeks from {first} to {last}, {tz}: {key} differs from its rows"
                for key in exact
                if kept.figures.get(key) != exact[key]
            ]
    return wrong


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("insight.overviews", "What the KPI page keeps is what its rows say.", wrong_overviews),
    ("insight.weeks", "What the page of weeks keeps is what its rows say.", wrong_weeks),
)
