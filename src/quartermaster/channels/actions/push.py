"""Tell shops how many of each listing they may sell. What is sent is always the newest number, and an answer
counts only for whoever holds the row: a worker that comes late can neither send nor overwrite."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import connections, transaction

from quartermaster.channels.actions.answers import give_back, keep
from quartermaster.channels.ports import Count, Taken
from quartermaster.channels.queries.goods import kinds, listings_of, offering
from quartermaster.channels.rules.settling import Answer
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.moment import now
from quartermaster.core.outside import KeysAwaited, NotDone, RefusedOutside, Unclear

log = logging.getLogger(__name__)
LEASE_S = 60  # three times as long as a call may take
SHOPS_AT_ONCE = 8  # each waits for somebody outside

# A shop that failed is asked by one worker at a time: the others keep away until it answers.
SHOPS = """
update channels_goods g set push_at = case when g.push_failures > 0
    then clock_timestamp() + %(lease)s * interval '1 second' else g.push_at end
from inbox_connection c
where c.id = g.shop_id and g.shop_id in (
  select y.shop_id from channels_goods y join channels_shop s on s.connection_id = y.shop_id
  join inbox_connection x on x.id = y.shop_id
  where s.mode = 'live' and x.is_active and x.keys_refused_at is null and x.kind = any(%(kinds)s)
    and y.push_at <= clock_timestamp()
    and exists (select from channels_listing l where l.shop_id = y.shop_id and l.state = 'due'
      and l.next_at <= clock_timestamp())
  order by y.shop_id for update of y skip locked)
returning g.shop_id, c.slug, c.kind
"""
# What takes units away first, then the oldest change.
TAKE = """
update channels_listing l set state = 'sent', turn = l.turn + 1, sent_version = l.version,
  sent_quantity = l.wanted, sent_at = clock_timestamp(), is_doubted = false,
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
where id in (
  select id from channels_listing where shop_id = %(shop)s and state = 'due' and next_at <= clock_timestamp()
  order by is_raise, wanted_at, id limit %(most)s for update skip locked)
returning id, turn
"""
# Right before it is sent: a row that somebody else took over meanwhile is let go, and the others get the
# newest number there is and a whole lease.
STILL = """
update channels_listing l set sent_version = l.version, sent_quantity = l.wanted, sent_at = clock_timestamp(),
  lease_until = clock_timestamp() + %(lease)s * interval '1 second'
from (
  select x.id from channels_listing x
  join jsonb_to_recordset(%(rows)s::jsonb) as w(id bigint, turn bigint) on w.id = x.id
  where x.turn = w.turn and x.state = 'sent' and x.wanted is not null and x.is_pushed and x.gone_at is null
  order by x.id for no key update of x) held
where held.id = l.id
returning l.id, l.turn, l.version, l.name, l.wanted, l.confirmed, l.wanted_at, l.sent_at
"""


class Held(NamedTuple):
    """A row in hand, with what is sent of it."""

    id: int
    turn: int
    version: int
    name: str
    quantity: int
    expected: int | None
    wanted_at: datetime | None
    sent_at: datetime


class _Due(NamedTuple):
    shop_id: int
    slug: str
    kind: str


def push_stock() -> int:
    """The chore: a write for each shop with numbers that wait. Returns how many rows were taken."""
    offered = kinds()
    if not offered:
        return 0
    with transaction.atomic():
        due = [_Due._make(row) for row in sql.run(SHOPS, {"kinds": offered, "lease": LEASE_S})]
    return sum(at_once([partial(_push, shop) for shop in due]))


def at_once(works: Sequence[Callable[[], int]]) -> list[int]:
    """One slow shop makes no other wait. Inside a transaction, which no other thread could see, in turn."""
    if len(works) < 2 or sql.in_transaction():
        return [work() for work in works]
    with ThreadPoolExecutor(min(SHOPS_AT_ONCE, len(works)), thread_name_prefix="stock") as pool:
        ends = [pool.submit(copy_context().run, _apart, work) for work in works]
    return [end.result() for end in ends]


def _apart(work: Callable[[], int]) -> int:
    """In a thread of its own, with a connection of its own."""
    try:
        return work()
    finally:
        connections.close_all()


def _push(shop: _Due) -> int:
    taken = take(shop.shop_id, listings_of(shop.kind, shop.slug).rows_max)
    if taken:
        send(shop.shop_id, shop.slug, taken)
    return len(taken)


def take(shop_id: int, most: int) -> list[tuple[int, int]]:
    """Take rows in hand: (id, turn)."""
    with transaction.atomic():
        return sql.run(TAKE, {"shop": shop_id, "most": most, "lease": LEASE_S})


def send(shop_id: int, slug: str, taken: Sequence[tuple[int, int]]) -> None:
    """Send the newest number of what is still in hand, and keep the answers."""
    rows = sql.rows({"id": id_, "turn": turn} for id_, turn in taken)
    try:
        account, listings = offering(slug)
    except (Refused, KeysAwaited) as trouble:
        give_back(shop_id, rows, trouble, at=now())
        return
    with transaction.atomic():
        held = sorted(Held._make(row) for row in sql.run(STILL, {"rows": rows, "lease": LEASE_S}))
    if len(held) < len(taken):  # left off meanwhile: not sent, and not left behind
        give_back(shop_id, rows, None, at=now(), but=[row.id for row in held])
    if not held:
        return
    counts = [Count(row.name, row.quantity, row.expected) for row in held]
    try:
        answers = listings.set_stock(account=account, counts=counts, key=_key(slug, held))
    except (NotDone, RefusedOutside) as trouble:
        give_back(shop_id, rows, trouble, at=now())
    except Exception as trouble:
        if not isinstance(trouble, Unclear):
            log.warning("%s: %s", slug, trouble, exc_info=trouble)
        keep(shop_id, slug, [_answered(row, None, str(trouble)) for row in held], at=now())
    else:
        keep(shop_id, slug, _matched(held, answers), at=now())


def _matched(held: Sequence[Held], answers: Sequence[Taken]) -> list[Answer]:
    """Answers by the name of their row. One without an answer of its own is not known to be done."""
    told = {answer.listing: answer for answer in answers}
    return [_answered(row, told.get(row.name), "no answer for this row") for row in held]


def _answered(row: Held, told: Taken | None, otherwise: str) -> Answer:
    outcome, has, because = "unclear", None, otherwise or "no clear answer"
    if told is not None:
        outcome, has, because = told.state, told.quantity, told.because
        if outcome == "taken" and has is not None and has != row.quantity:
            outcome, because = "unclear", f"It took {row.quantity}, and says it has {has}."
    return Answer(
        row.id,
        row.turn,
        outcome,
        has,
        because[:300],
        version=row.version,
        quantity=row.quantity,
        expected=row.expected,
        wanted_at=row.wanted_at,
        sent_at=row.sent_at,
    )


def _key(slug: str, held: Sequence[Held]) -> str:
    """The same for the same write only: a row that is taken again is another one."""
    content = "|".join(f"{row.id}.{row.turn}.{row.version}.{row.quantity}" for row in held)
    return f"stock:{slug}:{hashlib.sha256(content.encode()).hexdigest()[:32]}"
