"""A person's word about a replay: read it, stop, go on, end it."""

from datetime import datetime
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.events import emit
from quartermaster.core.river import signal
from quartermaster.inbox import rules
from quartermaster.inbox.actions.replays.ask import moved
from quartermaster.inbox.rules import ReplayPhase, ReplayWord

LOCK: Final = """
select r.phase, r.is_stopped, r.reads, r.messages, c.slug from inbox_replay r
join inbox_connection c on c.id = r.connection_id where r.id = %s for no key update of r
"""
STEER: Final = """
update inbox_replay set phase = %(phase)s, is_stopped = %(is_stopped)s, reads = %(reads)s, next_at = %(at)s,
  failures = 0, because = '',
  cursor = case when reads = '' and %(reads)s <> '' then 0 else cursor end,
  told_by = case when reads = '' and %(reads)s <> '' then %(by)s else told_by end,
  told_at = case when reads = '' and %(reads)s <> '' then %(at)s else told_at end,
  ended_at = case when %(is_over)s then %(at)s::timestamptz end
where id = %(replay)s
"""


def steer_replay(replay_id: int, word: ReplayWord, *, at: datetime, by: str) -> None:
    """read-changing: of what was rehearsed, what would change something is read; read-all: all of it, also
    while it is being rehearsed. stop: nothing more is done until it is told to go on. end: what is not
    queued by now stays as it is. The same word twice is heard once. Raises NotFound, WrongStep."""
    with transaction.atomic():
        found = sql.run(LOCK, (replay_id,))
        if not found:
            raise NotFound(what="replay", which=replay_id)
        ((phase, is_stopped, reads, messages, slug),) = found
        before = rules.Course(ReplayPhase(phase), is_stopped, reads)
        after = rules.steered(before, word)
        if after == before:
            return
        told = {
            "phase": after.phase,
            "is_stopped": after.is_stopped,
            "reads": after.reads,
            "is_over": after.phase is ReplayPhase.ENDED,
        }
        sql.run(STEER, {**told, "replay": replay_id, "at": at, "by": by})
        emit(
            [
                moved(
                    replay_id,
                    slug,
                    after.phase,
                    at=at,
                    by=by,
                    messages=messages,
                    reads=after.reads,
                    is_stopped=after.is_stopped,
                )
            ]
        )
    signal.wake()
