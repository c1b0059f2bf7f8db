"""The rows behind a figure: exactly those it counts, in pages."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut
from quartermaster.core.texts import short
from quartermaster.insight.queries.facts import FACTS, FAMILIES, Ask, Fact, text
from quartermaster.insight.queries.totals import named, roomy
from quartermaster.insight.rules.cursors import position
from quartermaster.insight.rules.definitions import KPIS, Definition

type Side = Literal["counted", "numerator"]

# Few of a page's many ids are looked at closely: as many as fill it, mostly; more where few of them count.
_FIRST, _MORE, _IDS_MAX = 3, 4, 20_000
# All that may count are sorted: the planner would else walk through the ids of all years, to find the first.
IDS = """
with c as materialized ({cohort})
select id from c where (%(after)s::bigint is null or id > %(after)s) order by id limit %(limit)s
"""
ROWS = """
with these as materialized (select unnest(%(ids)s::bigint[]) as id), {family}
select id, subject, at, day, weight::numeric, value::numeric, is_hit, part, due from ({rows}) r
where is_hit or %(all)s order by id limit %(limit)s
"""


class Row(NamedTuple):
    """One counted row. weight adds to the denominator, value to the numerator (or is what is averaged)."""

    id: int
    subject: str
    at: datetime | None
    day: int
    weight: Decimal
    value: Decimal
    is_hit: bool
    part: str
    due: str


def defined(key: str) -> Definition:
    """Raises NotFound."""
    if key not in KPIS:
        raise NotFound(what="KPI", which=short(key, 60))
    return KPIS[key]


def rows(key: str, ask: Ask, *, side: Side = "counted", after: str = "", limit: int = LIMIT) -> Page[Row]:
    """A page of the rows that a figure counts, or of those in its numerator."""
    fact = FACTS[defined(key).rows]
    found: list[Row] = []
    with roomy():
        for ids in _chunks(fact, ask, after=position(after), size=(limit + 1) * _FIRST):
            found += _of(fact, ask, ids, is_all=side == "counted", limit=limit + 1 - len(found))
            if len(found) > limit:
                break
    return cut(found, limit, lambda row: row.id)


def _chunks(fact: Fact, ask: Ask, *, after: int | None, size: int) -> Iterator[list[int]]:
    """The ids that may count, sorted, in ever larger parts."""
    statement = text(IDS.replace("{cohort}", fact.cohort), ask)
    while True:
        params = named(statement, {**ask.params, "after": after, "limit": _IDS_MAX})
        ids = [one for (one,) in sql.run(statement, params, prepare=False)]
        begin = 0
        while begin < len(ids):
            yield ids[begin : begin + size]
            begin, size = begin + size, size * _MORE
        if len(ids) < _IDS_MAX:
            return
        after = ids[-1]


def _of(fact: Fact, ask: Ask, ids: list[int], *, is_all: bool, limit: int) -> list[Row]:
    """Those of them that do."""
    statement = text(ROWS.replace("{family}", FAMILIES[fact.family]).replace("{rows}", fact.rows), ask)
    params = {**ask.params, "ids": ids, "all": is_all, "limit": limit}
    return [Row(*row) for row in sql.run(statement, named(statement, params), prepare=False)]
