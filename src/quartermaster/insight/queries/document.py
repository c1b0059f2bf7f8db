"""The KPI document: every figure of a period, exact from the rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from quartermaster.insight.queries.extras import extras
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.queries.totals import Totals, totals
from quartermaster.insight.rules.days import Period
from quartermaster.insight.rules.definitions import EXCLUDED, KPIS
from quartermaster.insight.rules.figures import Told, explained, figure
from quartermaster.insight.rules.weeks import WEEK


def document(period: Period, *, at: datetime, known_at: datetime | None = None) -> Told:
    """Key -> figure, and what was asked. With `known_at` the figures as they were known at that moment;
    what was learned since then stands apart in `late_corrections`."""
    ask = Ask(period, at, known_at)
    told = figures(ask)
    corrections = [] if known_at is None else _corrections(told, figures(Ask(period, at)))
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "tz": period.tz,
        "begins_at": period.begin.isoformat(),
        "ends_at": period.end.isoformat(),
        "as_known_at": known_at.isoformat() if known_at else None,
        "computed_at": at.isoformat(),
        "excluded": EXCLUDED,
        **told,
        "late_corrections": corrections,
    }


def counted(ask: Ask) -> dict[str, Totals]:
    """What the rows add up to, by kind of facts: each kind is counted once, however many figures it has."""
    return totals(ask, *dict.fromkeys(one.rows for one in KPIS.values()))


def figures(ask: Ask, sums: Mapping[str, Totals] | None = None) -> dict[str, Told]:
    """Every figure by its key."""
    sums = counted(ask) if sums is None else sums
    also = extras(ask)
    told = {}
    for key, definition in KPIS.items():
        value = figure(definition, sums[definition.rows].whole)
        told[key] = explained(definition, {**value, **also.get(key, {})}, ask.period, ask.seen_from)
    return told


def by_day(key: str, ask: Ask) -> list[Told]:
    """The figure of each day of the period: {"on", "value", "n", …}."""
    definition = KPIS[key]
    found = totals(ask, definition.rows)[definition.rows].days
    return [
        {"on": day.isoformat(), **figure(definition, found.get(n, []))}
        for n, day in enumerate(ask.period.dates, 1)
    ]


def by_week(keys: Sequence[str], ask: Ask) -> dict[str, list[Told]]:
    """Key -> the figure of each week of the period, {"begins_on", "ends_on", "value", "n", …}. Weeks are
    seven days from the period's first on; the last may be shorter."""
    found = totals(ask, *dict.fromkeys(KPIS[key].rows for key in keys), each=WEEK)
    firsts = ask.period.dates[::WEEK]
    return {
        key: [
            {
                "begins_on": first.isoformat(),
                "ends_on": min(first + timedelta(days=WEEK - 1), ask.period.last).isoformat(),
                **figure(KPIS[key], found[KPIS[key].rows].days.get(n, [])),
            }
            for n, first in enumerate(firsts, 1)
        ]
        for key in keys
    }


def _corrections(then: dict[str, Told], now: dict[str, Told]) -> list[Told]:
    """Figures that are something else now: what was known, and what is."""
    return [
        {
            "key": key,
            "value": then[key]["value"],
            "n": then[key]["n"],
            "value_now": now[key]["value"],
            "n_now": now[key]["n"],
        }
        for key in then
        if any(then[key].get(name) != now[key].get(name) for name in ("value", "n", "by_currency", "median"))
    ]
