"""The rows behind a figure: exactly those it counts, in pages."""

from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut
from quartermaster.core.texts import short
from quartermaster.insight.queries.facts import FACTS, Ask, text
from quartermaster.insight.queries.totals import named
from quartermaster.insight.rules.cursors import position
from quartermaster.insight.rules.definitions import KPIS, Definition

type Side = Literal["counted", "numerator"]

ROWS = """
select id, subject, at, day, weight::numeric, value::numeric, is_hit, part, due from ({facts}) r
where (%(after)s::bigint is null or id > %(after)s) and (is_hit or %(all)s) order by id limit %(limit)s
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
    statement = ROWS.format(facts=text(FACTS[defined(key).rows], ask))
    params = {**ask.params, "after": position(after), "all": side == "counted", "limit": limit + 1}
    found = [Row(*row) for row in sql.run(statement, named(statement, params), prepare=False)]
    return cut(found, limit, lambda row: row.id)
