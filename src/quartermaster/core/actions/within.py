"""Wishes that need nobody outside: a batch is claimed, done and settled in one transaction.

A worker that dies leaves them queued: nothing was sent, so nothing is unknown, and no lease is needed.
"""

import logging

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.effects import WISH, Asked, FromWithin, State, Turn, effects
from quartermaster.core.river.fates import Fate, fate

log = logging.getLogger(__name__)
BATCH = 100  # orders stay locked while it is done

CLAIM = """
select id, key, body::text from core_outbox
where task = %(task)s and state = 'queued' and due_at <= now()
  and (lease_until is null or lease_until < now())
order by due_at, id limit %(batch)s for update skip locked
"""
SETTLE = """
update core_outbox o
set state = w.state, because = w.because, answer = coalesce(w.answer, o.answer), lease_until = null,
  attempts = o.attempts + 1, settled_at = now()
from jsonb_to_recordset(%s::jsonb) as w(id bigint, state text, because text, answer jsonb)
where o.id = w.id
"""


def carry_out_within() -> tuple[int, frozenset[str]]:
    """One batch of each task that can be done within: how many wishes were, and the tasks of which more wait.

    A batch that fails is rolled back and left to be carried out one by one.
    """
    done, full = 0, set()
    for task, effect in sorted(effects.items()):
        if isinstance(effect, FromWithin):
            try:
                settled = _batch(task, effect)
            except Exception as error:
                if fate(error) is Fate.AWAY:
                    raise
                log.warning(
                    "outbox, %s: a batch failed, its wishes are tried one by one", task, exc_info=error
                )
                continue
            done += settled
            if settled == BATCH:
                full.add(task)
    return done, frozenset(full)


def _batch(task: str, effect: FromWithin) -> int:
    with transaction.atomic():
        claimed = sql.run(CLAIM, {"task": task, "batch": BATCH}, prepare=False)
        if not claimed:
            return 0
        told = effect.perform_within([Asked(key, msgspec.json.decode(body)) for _, key, body in claimed])
        sent = WISH.after(State.QUEUED, Turn.SEND)
        settled = [
            {
                "id": wish_id,
                "state": WISH.after(sent, told[key].turn),
                "because": told[key].because,
                "answer": told[key].answer,
            }
            for wish_id, key, _ in claimed
            if key in told
        ]
        if settled:
            sql.run(SETTLE, (sql.rows(settled),))
    return len(settled)
