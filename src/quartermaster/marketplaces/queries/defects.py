"""Defects of a shop's orders, the newest first."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.marketplaces.rules import defects as rules

DEFECTS = """
select row_to_json(x)::text from (
  select d.id, 'SO-' || d.order_id as number, o.external_name, d.kind, d.stars, d.outcome, d.external_id,
    d.happened_at, d.recorded_at, d.settled_at, d.source, d.note, d.actor
  from marketplaces_defect d join orders_order o on o.id = d.order_id
  where o.connection_id = %(connection)s and (%(after)s::bigint is null or d.id < %(after)s)
  order by d.id desc limit %(limit)s) x
"""


class DefectShown(msgspec.Struct, frozen=True):
    """What a buyer told a marketplace of an order. counts: whether it counts against us as it stands."""

    id: int
    number: str
    external_name: str
    kind: rules.DefectKind
    stars: int | None
    outcome: rules.Outcome
    external_id: str
    happened_at: datetime
    recorded_at: datetime
    settled_at: datetime | None
    source: str
    note: str
    actor: str

    @property
    def counts(self) -> bool:
        return rules.counts(rules.Defect(self.kind, self.outcome, self.happened_at, self.stars))


def defects(connection_id: int, *, after: str = "", limit: int = LIMIT) -> Page[DefectShown]:
    asked = {"connection": connection_id, "after": position(after), "limit": limit + 1}
    found = [msgspec.json.decode(row, type=DefectShown) for (row,) in sql.run(DEFECTS, asked)]
    return cut(found, limit, lambda one: one.id)
