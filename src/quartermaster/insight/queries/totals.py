"""What the rows of each kind of facts add up to: over the period, and for each of its days."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from quartermaster.core import sql
from quartermaster.insight.queries.facts import FACTS, FAMILIES, Ask, text
from quartermaster.insight.rules.figures import Sums

# Medians are sorted for, whole and by day, and only where they are told.
_SPREAD = """, percentile_cont(0.5) within group (order by value::float8),
  percentile_cont(0.9) within group (order by value::float8)"""
_SUMS = """
select '{kind}', grouping({span}), {span}, part, count(*), count(*) filter (where is_hit),
  sum(weight)::numeric, sum(value)::numeric{spread}
from ({rows}) r group by grouping sets (({span}, part), (part))"""
SPREAD_KINDS = ("shipped", "arrived", "picked", "packed", "handed_over")
# Room for the rows of a long period, and no time lost to machine code for a statement that runs once.
_ROOM = "select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)"


@dataclass
class Totals:
    """Sums by part: of the whole period, and by day (1 is its first)."""

    whole: list[Sums] = field(default_factory=list)
    days: dict[int, list[Sums]] = field(default_factory=dict)


def totals(ask: Ask, *kinds: str, each: int = 1) -> dict[str, Totals]:
    """By kind, exact, from the rows themselves: every family in one statement, which looks at each of its
    ids once. `each`: how many days are one of `days`, 7 for weeks. Planned for these days: a plan for any
    days would be one for a few of them, and ruinous for many."""
    found = {kind: Totals() for kind in kinds}
    for family in dict.fromkeys(FACTS[kind].family for kind in kinds):
        statement = text(
            _statement(family, [kind for kind in kinds if FACTS[kind].family == family], each), ask
        )
        with roomy():
            rows = sql.run(statement, named(statement, ask.params), prepare=False)
        for kind, is_whole, day, *sums in rows:
            one = found[kind]
            (one.whole if is_whole else one.days.setdefault(day, [])).append(Sums(*sums))
    return found


def _statement(family: str, kinds: list[str], each: int) -> str:
    cohorts = " union ".join(dict.fromkeys(f"({FACTS[kind].cohort})" for kind in kinds))
    sums = " union all ".join(
        _SUMS.format(
            kind=kind,
            rows=FACTS[kind].rows,
            span="day" if each == 1 else f"((day - 1) / {each} + 1)",
            spread=_SPREAD if kind in SPREAD_KINDS else ", null::float8, null::float8",
        )
        for kind in kinds
    )
    these = f"with these as materialized (select id from ({cohorts}) c order by id)"  # noqa: S608
    return f"{these}, {FAMILIES[family]} {sums}"


@contextmanager
def roomy() -> Iterator[None]:
    """Settings for statements that read much, until the block ends."""
    with transaction.atomic():
        sql.run(_ROOM)
        yield


def named(statement: str, params: Mapping[str, object]) -> dict[str, object]:
    """Those parameters that the statement names: the server wants to know the type of each it is sent."""
    return {name: value for name, value in params.items() if f"%({name})s" in statement}
