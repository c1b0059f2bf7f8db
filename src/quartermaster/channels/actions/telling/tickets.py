"""Bulk writes as they are looked after: each step is written down by whoever has it in hand, and by nobody
else."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import BulkBegun, BulkEnded

LEASE_S = 60  # more than laying out and beginning may take together

DUE = """
select b.id from channels_bulk b join inbox_connection c on c.id = b.shop_id
where b.state <> 'over' and b.next_at <= clock_timestamp() and c.is_active and c.keys_refused_at is null
  and (b.lease_until is null or b.lease_until < clock_timestamp()) and c.kind = any(%s) order by b.id
"""
TAKE = """
update channels_bulk b set turn = b.turn + 1,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
from inbox_connection c
where c.id = b.shop_id and b.id = (
  select x.id from channels_bulk x where x.id = %(id)s and x.state <> 'over'
    and x.next_at <= clock_timestamp() and (x.lease_until is null or x.lease_until < clock_timestamp())
  for update skip locked)
returning b.id, b.turn, b.shop_id, c.slug, b.what, b.state, b.rows, b.mark, b.theirs, b.began_at, b.until,
  b.looks, b."left"
"""
BEGIN = """
update channels_bulk set state = 'beginning', mark = %(mark)s, began_at = %(at)s, until = %(until)s,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
where id = %(id)s and turn = %(turn)s and state = 'ready' returning 1
"""
NOT_YET = """
update channels_bulk set state = 'ready', mark = '', began_at = null, until = null, next_at = %(next)s,
  lease_until = null, because = %(because)s
where id = %(id)s and turn = %(turn)s and state = 'beginning'
"""
OPENED = """
update channels_bulk set state = 'open', theirs = %(theirs)s, looks = 0, next_at = %(next)s,
  lease_until = null, because = ''
where id = %(id)s and turn = %(turn)s and state = 'beginning' returning 1
"""
# Whoever began it stood still meanwhile, and others looked for it, or let its rows go.
FOUND = """
update channels_bulk set state = case when state = 'beginning' then 'open' else 'left' end,
  theirs = %(theirs)s, "left" = "left" || %(left)s::bigint[], outcome = '', over_at = null,
  next_at = %(next)s, turn = turn + 1, lease_until = null where id = %(id)s
"""
HOLDS = "select from channels_bulk where id = %(id)s and turn = %(turn)s and state = %(state)s for update"
LATER = """
update channels_bulk set next_at = %(next)s, looks = looks + 1, lease_until = null, because = %(because)s
where id = %(id)s and turn = %(turn)s
"""
LEAVE = """
update channels_bulk set state = 'left', "left" = "left" || %(left)s::bigint[], next_at = %(next)s,
  because = %(because)s
where id = %(id)s and turn = %(turn)s returning 1
"""
OVER = """
update channels_bulk set state = 'over', outcome = %(outcome)s, over_at = %(at)s, next_at = %(next)s,
  mark = '',  "left" = '{}', lease_until = null, because = %(because)s
where id = %(id)s and turn = %(turn)s and state <> 'over' returning 1
"""
KNOWN = """
select b.theirs from channels_bulk b join inbox_connection c on c.id = b.shop_id
where c.kind = (select x.kind from inbox_connection x where x.id = %s) and b.state in ('open', 'left')
  and b.theirs = any(%s)
"""


class Ticket(NamedTuple):
    """A bulk write in hand."""

    id: int
    turn: int
    shop_id: int
    slug: str
    what: str
    state: str
    rows: int
    mark: str
    theirs: str
    began_at: datetime | None
    until: datetime | None
    looks: int
    left: list[int]

    @property
    def fence(self) -> dict[str, object]:
        return {"id": self.id, "turn": self.turn}


def due(kinds: Sequence[str]) -> list[int]:
    return [id_ for (id_,) in sql.run(DUE, (list(kinds),))]


@transaction.atomic
def take_ticket(id_: int) -> Ticket | None:
    """None: somebody else has it in hand, or it is over."""
    found = sql.run(TAKE, {"id": id_, "lease": LEASE_S})
    return Ticket(*found[0]) if found else None


def holds(ticket: Ticket) -> bool:
    """Whether it is still in the same hand. Nobody takes it over before the caller's transaction ends."""
    assert sql.in_transaction(), "it holds as long as the transaction does"
    return bool(sql.run(HOLDS, ticket.fence | {"state": ticket.state}))


@transaction.atomic
def about_to_begin(ticket: Ticket, mark: str, *, until: datetime, at: datetime) -> bool:
    """False: somebody else has it in hand by now."""
    told = {"mark": mark, "until": until, "at": at, "lease": LEASE_S}
    return bool(sql.run(BEGIN, ticket.fence | told))


@transaction.atomic
def begin_later(ticket: Ticket, next_at: datetime, because: str) -> None:
    """It surely was not begun: it is laid out anew then, with the values of then."""
    sql.run(NOT_YET, ticket.fence | {"next": next_at, "because": because[:300]})


@transaction.atomic
def begun(ticket: Ticket, theirs: str, *, held: Sequence[int], next_at: datetime, at: datetime) -> None:
    """The shop named it. One that begins late is looked after, though its rows are with others by now."""
    told = {"theirs": theirs, "next": next_at, "left": list(held)}
    if not sql.run(OPENED, ticket.fence | told):
        sql.run(FOUND, ticket.fence | told)
    subject = f"connection:{ticket.slug}"
    emit(
        [
            BulkBegun(
                subject=subject,
                at=at,
                actor="system",
                connection=ticket.slug,
                what=ticket.what,
                listings=len(held),
            )
        ]
    )


@transaction.atomic
def look_later(ticket: Ticket, next_at: datetime, because: str = "") -> None:
    sql.run(LATER, ticket.fence | {"next": next_at, "because": because})


@transaction.atomic
def leave(ticket: Ticket, listings: Sequence[int], next_at: datetime, because: str) -> bool:
    """Its rows are about to be let go: these are looked at once more when it is over. False: somebody else
    has it in hand by now."""
    told = {"left": list(listings), "next": next_at, "because": because}
    return bool(sql.run(LEAVE, ticket.fence | told))


@transaction.atomic
def end(ticket: Ticket, outcome: str, because: str, *, at: datetime, next_at: datetime | None = None) -> None:
    """`next_at`: none of its kind is begun before. Once, whoever comes first."""
    told = {"outcome": outcome, "because": because[:300], "at": at, "next": next_at or at}
    if not sql.run(OVER, ticket.fence | told):
        return
    subject = f"connection:{ticket.slug}"
    emit(
        [
            BulkEnded(
                subject=subject,
                at=at,
                actor="system",
                connection=ticket.slug,
                what=ticket.what,
                listings=ticket.rows,
                outcome=outcome,
                because=because[:300],
            )
        ]
    )


def known(ticket: Ticket, names: Sequence[str]) -> set[str]:
    """Of these names of writes, those that are written down here: also by other connections, which may be of
    the same seller."""
    return {theirs for (theirs,) in sql.run(KNOWN, (ticket.shop_id, list(names)))}
