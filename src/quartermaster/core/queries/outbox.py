"""What we asked the outside to do, and what became of it."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position


class Wish(msgspec.Struct, frozen=True):
    """One outbox row, without its content."""

    id: str
    key: str
    task: str
    subject: str
    state: str
    attempts: int
    due_at: datetime
    because: str
    created_at: datetime
    settled_at: datetime | None


WISHES = """
select row_to_json(w)::text from (
  select id::text as id, key, task, subject, state, attempts - waited as attempts, due_at, because,
    created_at, settled_at
  from core_outbox
  where (%(state)s = '' or state = %(state)s) and (%(before)s::bigint is null or id < %(before)s)
  order by core_outbox.id desc limit %(limit)s) w
"""
_wish = msgspec.json.Decoder(Wish)


def wishes(*, state: str = "", after: str = "", limit: int = LIMIT) -> Page[Wish]:
    """Outbox rows, newest first; with `state` only those."""
    wanted = {"state": state, "before": position(after), "limit": limit + 1}
    found = [_wish.decode(row[0]) for row in sql.run(WISHES, wanted)]
    return cut(found, limit, lambda wish: int(wish.id))
