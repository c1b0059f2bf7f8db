"""The orders we already have of a batch, locked in one global order
so that two batches never wait in a ring."""

from collections.abc import Iterable
from typing import NamedTuple

from quartermaster.core import sql


class Key(NamedTuple):
    """What makes an order one: the connection and its id there."""

    connection_id: int
    external_id: str


class Known(NamedTuple):
    """A captured order as the reader needs it."""

    id: int
    version: str  # of the channel's content
    currency: str

    @property
    def number(self) -> str:
        return f"SO-{self.id}"


LOCK_KNOWN = """
select o.connection_id, o.external_id, o.id, o.source_version, o.currency
from orders_order o
join jsonb_to_recordset(%s::jsonb) as k(c bigint, e text) on o.connection_id = k.c and o.external_id = k.e
order by o.id
for no key update of o
"""


def lock_known(keys: Iterable[Key]) -> dict[Key, Known]:
    """Lock and return those of these orders that exist."""
    wanted = [{"c": key.connection_id, "e": key.external_id} for key in keys]
    if not wanted:
        return {}
    return {Key(c, e): Known(i, v, m) for c, e, i, v, m in sql.run(LOCK_KNOWN, (sql.rows(wanted),))}
