"""The shops that have a door for many rows, and the writes that are under way there."""

from datetime import datetime
from typing import NamedTuple

from quartermaster.channels.ports import Bulk
from quartermaster.core import plugs, sql
from quartermaster.core.keys import watched
from quartermaster.core.outside import Account
from quartermaster.inbox.queries.connections import connection as connection_of
from quartermaster.inbox.queries.connections import credentials

UNDER_WAY = """
select b.id, b.what, b.state, b.rows, b.made_at, b.began_at, b.because from channels_bulk b
where b.shop_id = %s and b.state <> 'over' order by b.id
"""


class Opened(NamedTuple):
    account: Account
    bulk: Bulk


class UnderWay(NamedTuple):
    """A bulk write that is not over."""

    id: int
    what: str
    state: str
    rows: int
    made_at: datetime
    began_at: datetime | None
    because: str


def bulk_of(kind: str) -> Bulk | None:
    """What a kind of connection offers."""
    return plugs.plug(kind).offer(Bulk)  # type: ignore[type-abstract]  # looked up by its protocol


def bulk_kinds() -> list[str]:
    return plugs.kinds(Bulk)


def opened(slug: str) -> Opened | None:
    """None where the kind has no such door. Raises NotFound; KeysAwaited, DemoStaysInside, SecretKeyChanged
    and SealBroken of its credentials."""
    connection = connection_of(slug)
    bulk = bulk_of(connection.kind)
    return Opened(Account(slug, credentials(connection)), watched(slug, bulk)) if bulk else None


def under_way(slug: str, what: str) -> list[UnderWay]:
    """Those of a shop, the oldest first. Raises NotFound."""
    found = [UnderWay(*row) for row in sql.run(UNDER_WAY, (connection_of(slug).id,))]
    return [one for one in found if one.what == what]
