"""Answer a request once: look for its stored answer, or store it together with what it did."""

from datetime import datetime, timedelta

from quartermaster.core import sql
from quartermaster.core.answers import FROZEN_S, KEPT_DAYS, AnsweredOtherwise, InFlight, Stored

# The lock belongs to the transaction of the effect. A process that is killed loses its session and with it
# the
# lock; one that is frozen is cut off by the database, whose clock decides. Either way nothing was committed.
BEGIN = """
select pg_try_advisory_xact_lock(hashtextextended(%(caller)s || chr(10) || %(key)s, 0)),
  set_config('idle_in_transaction_session_timeout', %(frozen)s, true)
"""
LOOK = "select fingerprint, status, content_type, body from core_answer where caller = %s and key = %s"
KEEP = """
insert into core_answer (caller, key, fingerprint, status, content_type, body)
values (%s, %s, %s, %s, %s, %s)
"""
PRUNE = """
delete from core_answer where id in (
  select id from core_answer where created_at < %s order by created_at limit %s)
"""
_PRUNED_AT_ONCE = 5000


def begin(*, caller: str, key: str, fingerprint: bytes) -> Stored | None:
    """The answer this request got before, or None: then do it, and `keep` its answer in the same transaction.

    Raises InFlight while the first one is being worked on,
    AnsweredOtherwise when the key was for something else.
    """
    assert sql.in_transaction(), "the lock lives as long as the transaction of the effect"
    frozen = f"{FROZEN_S}s"
    if not sql.run(BEGIN, {"caller": caller, "key": key, "frozen": frozen})[0][0]:
        raise InFlight
    # A statement of its own: only now does it see what the holder before us committed.
    found = sql.run(LOOK, (caller, key))
    if not found:
        return None
    known, status, content_type, body = found[0]
    if bytes(known) != fingerprint:
        raise AnsweredOtherwise
    return Stored(status, content_type, bytes(body))


def keep(answer: Stored, *, caller: str, key: str, fingerprint: bytes) -> None:
    """Store an answer, in the transaction that has its effect."""
    sql.run(KEEP, (caller, key, fingerprint, answer.status, answer.content_type, answer.body))


def prune(*, at: datetime) -> int:
    """Forget answers older than KEPT_DAYS, some thousands at a time; returns how many."""
    pruned = 0
    while gone := sql.change(PRUNE, (at - timedelta(days=KEPT_DAYS), _PRUNED_AT_ONCE)):
        pruned += gone
    return pruned
