"""Where imported history belongs: a connection, made when it is not there."""

from datetime import datetime
from typing import Final, NamedTuple

from quartermaster.core import sql
from quartermaster.inbox.actions.connect import connect

KIND: Final = "history"


class History(NamedTuple):
    """A connection that history is told under; when we learn of it, and from whom."""

    connection_id: int
    slug: str
    at: datetime
    by: str


def history(slug: str, *, at: datetime, by: str) -> History:
    """The connection of this slug, whatever its kind; one of kind history when there is none. Raises
    Invalid for a slug that cannot be one."""
    for (connection_id,) in sql.run("select id from inbox_connection where slug = %s", (slug,)):
        return History(connection_id, slug, at, by)
    return History(connect(KIND, slug, {}, at=at, by=by).pk, slug, at, by)
