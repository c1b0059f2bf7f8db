"""The outbox: a wish is recorded with the fact that caused it, carried
out outside every transaction, and settled."""

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import connections, transaction

from quartermaster.core import sql
from quartermaster.core.actions.within import carry_out_within
from quartermaster.core.effects import WISH, Effect, State, Told, Turn, effects, without_keys
from quartermaster.core.errors import Refused
from quartermaster.core.outside import AuthExpired, Throttled
from quartermaster.core.river import signal

log = logging.getLogger(__name__)
LEASE_S = 60  # longer than any call may take; after it the caller counts as dead
LOOK_AGAIN_S = 900  # at what waits for something: it is let go with that, and this is for what was missed
BATCH = 20
AT_ONCE = (
    4  # of a batch, as many wait for somebody outside at the same moment: carriers throttle who asks more
)


class WishKeyReused(Refused):
    code = "key-reused"
    message = "The key {key} already stands for another effect."
    remedy = "Give every effect a key of its own."


ADD = """
insert into core_outbox (key, task, subject, body, due_at) values (%s, %s, %s, %s::jsonb, %s)
on conflict (key) do nothing returning id
"""
SAME = "select 1 from core_outbox where key = %s and task = %s and subject = %s and body = %s::jsonb"

_WISHES = """
jsonb_to_recordset(%(wishes)s::jsonb)
  as w(key text, task text, subject text, body jsonb, due_at timestamptz)
"""
ADD_ALL = f"""
insert into core_outbox (key, task, subject, body, due_at)
select key, task, subject, body, due_at from {_WISHES} on conflict (key) do nothing
"""  # noqa: S608 - constants only
OTHERWISE = f"""
select w.key from {_WISHES} join core_outbox o using (key)
where (o.task, o.subject, o.body) is distinct from (w.task, w.subject, w.body) order by w.key limit 1
"""  # noqa: S608 - constants only

# A row that was sent and whose lease is over belongs to a caller who died: nobody knows what became of it.
# An array: a list may be asked for anew with each row, and then gives more rows than its limit.
TAKE = """
update core_outbox o
set state = case when state = 'queued' then 'sent' else 'unknown' end,
    lease_until = now() + %(lease)s * interval '1 second', attempts = attempts + 1
where id = any(array(
  select id from core_outbox
  where state in ('queued', 'sent', 'unknown') and due_at <= now() and task = any(%(tasks)s)
    and (lease_until is null or lease_until < now())
  order by due_at limit %(batch)s for update skip locked))
returning id, key, task, subject, body::text, state, attempts
"""
SETTLE = """
update core_outbox
set state = %(state)s, because = %(because)s, answer = coalesce(%(answer)s::jsonb, answer), lease_until =
  null,
    waited = waited + %(waits)s, waits_for = %(waits_for)s,
    due_at = case when %(state)s in ('queued', 'unknown')
             then greatest(now() + case when %(waits_for)s <> '' then %(look_again)s
                 else least(power(2, attempts - waited - %(waits)s), 900) end * interval '1 second',
               %(retry_at)s)
             else due_at end,
    settled_at = case when %(state)s in ('confirmed', 'refused') then now() end
where id = %(id)s and attempts = %(attempts)s
"""


GO_ON = """
update core_outbox set due_at = %(at)s, waits_for = ''
where waits_for = %(waits_for)s and state in ('queued', 'unknown')
"""


class Wish(NamedTuple):
    """An effect wanted outside. See `wish`."""

    key: str
    task: str
    subject: str
    body: Mapping[str, object]
    due_at: datetime


class _Taken(NamedTuple):
    id: int
    key: str
    task: str
    subject: str
    body: str
    state: str
    attempts: int  # also the fence: a caller that wakes after its lease finds another number


def wish(*, key: str, task: str, subject: str, body: Mapping[str, object], due_at: datetime) -> None:
    """Record an effect wanted outside, in the caller's transaction. The same wish again is no second one.

    Raises WishKeyReused when the key stands for something else.
    """
    assert sql.in_transaction(), "a wish belongs to the fact that caused it: same transaction"
    content = msgspec.json.encode(body).decode()
    is_new = sql.run(ADD, (key, task, subject, content, due_at))
    if not is_new and not sql.run(SAME, (key, task, subject, content)):
        raise WishKeyReused(key=key)
    transaction.on_commit(signal.wake)


def wish_all(wishes: Sequence[Wish]) -> None:
    """`wish` for a batch, in a constant number of statements."""
    assert sql.in_transaction(), "a wish belongs to the fact that caused it: same transaction"
    if not wishes:
        return
    rows = {"wishes": sql.rows(each._asdict() for each in wishes)}
    sql.run(ADD_ALL, rows)
    for (key,) in sql.run(OTHERWISE, rows):
        raise WishKeyReused(key=key)
    transaction.on_commit(signal.wake)


def go_on(waits_for: str, *, at: datetime) -> int:
    """What waited for this is due now, in the caller's transaction. Returns how many wishes."""
    freed = sql.change(GO_ON, {"waits_for": waits_for, "at": at})
    transaction.on_commit(signal.wake)
    return freed


def carry_out() -> int:
    """Carry out or ask after what is due; returns how many were dealt with. The chore of every worker."""
    done, full = carry_out_within()
    # Of a task with another batch to be done at once nothing is taken one by one; the others have their turn.
    tasks = sorted(effects.keys() - full)
    with transaction.atomic():
        taken = sql.run(TAKE, {"lease": LEASE_S, "tasks": tasks, "batch": BATCH}) if tasks else []
    _deal_with_all([_Taken._make(row) for row in taken])
    return done + len(taken)


def _deal_with_all(taken: Sequence[_Taken]) -> None:
    """Wishes about one subject in their turn, those about different ones a few at once: each waits for
    somebody outside, mostly. Inside a transaction, which no other thread could see, all in their turn."""
    turns: dict[str, list[_Taken]] = {}
    for each in sorted(taken):
        turns.setdefault(each.subject, []).append(each)
    waiting = deque(turns.values())
    lanes = min(AT_ONCE, len(waiting))
    if lanes < 2 or sql.in_transaction():
        _lane(waiting)
        return
    with ThreadPoolExecutor(lanes, thread_name_prefix="outbox") as pool:
        ends = [pool.submit(copy_context().run, _apart, waiting) for _ in range(lanes)]
    for end in ends:
        end.result()


def _apart(waiting: deque[list[_Taken]]) -> None:
    """A lane in a thread of its own, with a connection of its own."""
    try:
        _lane(waiting)
    finally:
        connections.close_all()


def _lane(waiting: deque[list[_Taken]]) -> None:
    """Take the next subject until none is left."""
    while True:
        try:
            turn = waiting.popleft()
        except IndexError:
            return
        for each in turn:
            _deal_with(each)


def _deal_with(taken: _Taken) -> None:
    told = _call(effects[taken.task], taken)
    state = WISH.after(State(taken.state), told.turn)
    answer = None if told.answer is None else msgspec.json.encode(told.answer).decode()
    with transaction.atomic():
        kept = sql.change(
            SETTLE,
            {
                "id": taken.id,
                "attempts": taken.attempts,
                "state": state,
                "because": told.because,
                "answer": answer,
                "retry_at": told.retry_at,
                "waits": int(told.waits),
                "waits_for": told.waits_for,
                "look_again": LOOK_AGAIN_S,
            },
        )
    if not kept:
        log.warning("outbox %s: answered after its lease, left to the caller who took over", taken.id)


def _call(effect: Effect, taken: _Taken) -> Told:
    body = msgspec.json.decode(taken.body)
    ask_or_do = effect.perform if taken.state == State.SENT else effect.ask
    try:
        return ask_or_do(key=taken.key, body=body)
    except AuthExpired as refused:
        turn = Turn.FAIL_SAFELY if taken.state == State.SENT else Turn.LOSE_TRACK
        return without_keys(refused, turn)
    except Throttled as later:
        turn = Turn.FAIL_SAFELY if taken.state == State.SENT else Turn.LOSE_TRACK
        return Told(turn, str(later), retry_at=later.retry_at, waits=True)
    except Exception as error:
        # Whatever went wrong, the other side may have done it: this is what `unknown` is for.
        log.warning("outbox %s (%s): %s", taken.id, taken.task, error, exc_info=error)
        return Told(Turn.LOSE_TRACK, f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")
