"""What the rows of a kind of facts add up to: over the period, and for each of its days."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quartermaster.core import sql
from quartermaster.insight.queries.facts import FACTS, Ask, text
from quartermaster.insight.rules.figures import Sums

TOTALS = """
select grouping(day), day, part, count(*), count(*) filter (where is_hit), sum(weight)::numeric,
  sum(value)::numeric, percentile_cont(0.5) within group (order by value::float8),
  percentile_cont(0.9) within group (order by value::float8)
from ({facts}) r group by grouping sets ((day, part), (part)) order by 1, 2, 3
"""


@dataclass
class Totals:
    """Sums by part: of the whole period, and by day (1 is its first)."""

    whole: list[Sums] = field(default_factory=list)
    days: dict[int, list[Sums]] = field(default_factory=dict)


def totals(kind: str, ask: Ask) -> Totals:
    """Exact: from the rows themselves, in one statement, planned for these days: a plan for any days would
    be one for a few of them, and ruinous for many."""
    found = Totals()
    statement = TOTALS.format(facts=text(FACTS[kind], ask))
    for is_whole, day, *sums in sql.run(statement, named(statement, ask.params), prepare=False):
        (found.whole if is_whole else found.days.setdefault(day, [])).append(Sums(*sums))
    return found


def named(statement: str, params: Mapping[str, object]) -> dict[str, object]:
    """Those parameters that the statement names: the server wants to know the type of each it is sent."""
    return {name: value for name, value in params.items() if f"%({name})s" in statement}
