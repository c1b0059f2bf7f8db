"""Replay: read messages again as if they had just come. Idempotent,
because versions and keys decide, not arrival."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.events import emit
from quartermaster.core.river import signal
from quartermaster.events import MessageReplayed
from quartermaster.inbox.actions.settle import Taken

REPLAY = """
update inbox_message set state = 'received', because = '', waits_for = null, attempts = 0, retry_at = null
where id = any(%s) and state <> 'received'
"""
WINDOW = """
select m.id from inbox_message m join inbox_connection c on c.id = m.connection_id
where c.slug = %s and m.received_at >= %s and m.received_at < %s order by m.id
"""


TAKEN = """
select m.id, m.connection_id, c.slug, c.kind, m.topic, m.headers::text, m.body, m.received_at
from inbox_message m join inbox_connection c on c.id = m.connection_id where m.id = any(%s) order by m.id
"""


def reopened(message_ids: Sequence[int]) -> list[Taken]:
    """These messages as a reader gets them, oldest first. Changes nothing. Raises NotFound."""
    ids = sorted(set(message_ids))
    found = {
        row[0]: Taken._make((*row[:5], msgspec.json.decode(row[5]), bytes(row[6]), row[7]))
        for row in sql.run(TAKEN, (ids,), binary=True)
    }
    for missing in (i for i in ids if i not in found):
        raise NotFound(what="message", which=missing)
    return [found[i] for i in ids]


def replay(message_ids: Sequence[int], *, at: datetime, by: str) -> int:
    """Queue these messages again; returns how many. Raises NotFound for one that does not exist."""
    ids = sorted(set(message_ids))
    with transaction.atomic():
        known = {row[0] for row in sql.run("select id from inbox_message where id = any(%s)", (ids,))}
        for missing in (i for i in ids if i not in known):
            raise NotFound(what="message", which=missing)
        sql.run(REPLAY, (ids,))
        emit(MessageReplayed(subject=f"message:{i}", at=at, actor=by, message_id=i) for i in ids)
    signal.wake()
    return len(ids)


def replay_window(slug: str, *, since: datetime, until: datetime, at: datetime, by: str) -> int:
    """Queue every message of a connection received in [since, until) again; returns how many."""
    ids = [row[0] for row in sql.run(WINDOW, (slug, since, until))]
    return replay(ids, at=at, by=by)
