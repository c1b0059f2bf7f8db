"""Many rows that wait at once are taken for a bulk write. What is done at the shop follows, step by step."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from django.db import transaction

from quartermaster.channels.actions.telling.sending import Held, Sending
from quartermaster.channels.ports import Bulk, Laid
from quartermaster.channels.queries.bulk import bulk_of, opened
from quartermaster.channels.rules.bulk import Way, gathers, way
from quartermaster.channels.rules.settling import Answer
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.moment import now
from quartermaster.core.outside import Account, KeysAwaited

# One at a time decides for a shop. After one that the shop did not take, no other before its moment; and none
# while the shop may still work off one whose rows were let go.
ALLOWED = """
select from channels_shop s where s.connection_id = %(shop)s
  and (select count(*) from channels_bulk b where b.shop_id = %(shop)s and b.state not in ('left', 'over'))
    < %(open)s
  and not exists (select from channels_bulk b where b.shop_id = %(shop)s and b.what = %(what)s
    and (b.state = 'left' or b.outcome = 'void' and b.next_at > %(at)s))
for no key update of s
"""
MAKE = """
insert into channels_bulk (shop_id, what, rows, made_at, next_at)
values (%(shop)s, %(what)s, 0, %(at)s, %(at)s) returning id
"""
COUNT = "update channels_bulk set rows = %s where id = %s"


class Door[H: Held](NamedTuple):
    """What differs between sending one thing and another in bulk.

    waiting: how many rows wait that take away, and how many others. coming: how many SKUs are about to be
    worked out, how many rows wait, and since when. take: rows for a bulk write. held: those
    it has, as they were sent; of a row that is not in hand any more the turn is -1. let_go: rows that others
    may take again. doubt: listings that are looked at once more. is_told: whether the shop is told at all.
    """

    sending: Sending[H, Answer]
    what: Literal["stock", "prices"]
    waiting: str
    coming: str
    take: str
    held: str
    let_go: str
    doubt: str
    is_told: str
    lay: Callable[[Bulk, Account, Sequence[H]], Laid]


def take_many[H: Held](door: Door[H], shop_id: int, slug: str, kind: str) -> int | None:
    """Take rows for a bulk write, when there are enough of them and the shop has a door for them. Returns how
    many. None: so many more are being worked out that they are waited for, for a shop takes only so many
    writes in a while; one by one is no way for them, and whatever changes now is worked out behind them."""
    bulk = bulk_of(kind)
    if bulk is None:
        return 0
    ((lowering, raising),) = sql.run(door.waiting, {"shop": shop_id, "least": bulk.bulk_from})
    chosen = way(lowering, raising, bulk.bulk_from)
    if chosen is Way.FEW or not _is_open(slug, door.what):
        return 0
    at, least = now(), bulk.bulk_from
    told = {"shop": shop_id, "what": door.what, "open": bulk.bulk_open, "at": at}
    with transaction.atomic():
        is_allowed = bool(sql.run(ALLOWED, told))
        ((coming, waiting, since),) = sql.run(door.coming, {"shop": shop_id, "least": least})
        if coming >= least and waiting < bulk.bulk_max and gathers(since, at):
            return None
        if not is_allowed or waiting < least:  # another worker has taken them in between
            return 0
        ((made,),) = sql.run(MAKE, told)
        wanted = {"bulk": made, "all": chosen is Way.ALL, "most": bulk.bulk_max}
        taken = sql.change(door.take, told | wanted | {"lease": bulk.bulk_lasts.total_seconds()})
        sql.run(COUNT, (taken, made))
        if not taken:
            transaction.set_rollback(True)
    return taken


def _is_open(slug: str, what: Literal["stock", "prices"]) -> bool:
    """Whoever cannot be called is told by the quick way, which finds out why."""
    try:
        there = opened(slug)
    except (Refused, KeysAwaited):
        return False
    return there is not None and there.bulk.is_open(account=there.account, what=what)
