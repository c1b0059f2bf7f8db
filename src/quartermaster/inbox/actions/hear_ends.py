"""What the other side says of our keys: when one ends, and the one that it made to follow."""

import logging
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.queries import is_demo
from quartermaster.events import ConnectionChanged
from quartermaster.inbox import queries, rules
from quartermaster.inbox.actions.connect import connect
from quartermaster.inbox.actions.keys import KeysNotTaken, check
from quartermaster.inbox.models import Connection
from quartermaster.inbox.ports import KeyEnd

log = logging.getLogger(__name__)
TURN = "select pg_advisory_xact_lock(hashtextextended('connection:' || %s, 0))"  # as whoever connects


def hear_ends(slug: str, told: Sequence[KeyEnd], *, at: datetime) -> int:
    """Keep what was told, the oldest word first; returns how much of it was news. A new secret is taken over
    only when the other side lets us in with it, for anybody may have written it; one that it does not accept
    changes nothing. Called outside every transaction. Raises KeysNotTried: the same may be heard again."""
    return sum(_hear(slug, one, at) for one in sorted(told, key=lambda one: one.told_at))


def _hear(slug: str, one: KeyEnd, at: datetime) -> bool:
    known = queries.connection(slug)
    if one.name not in known.secret_names or not _is_news(known, one):
        return False
    if not one.value:
        with transaction.atomic():
            return _learn(slug, one, at)
    if is_demo():
        return False
    try:
        is_tried = check(slug, known.kind, {one.name: one.value})
    except KeysNotTaken as refused:
        log.warning("%s was told of a new %s that does not count: %s", slug, one.name, refused)
        return False
    if is_tried:
        return _take_over(known, one, at)
    return False


@transaction.atomic
def _take_over(known: Connection, one: KeyEnd, at: datetime) -> bool:
    slug, by = known.slug, f"connection:{known.slug}"
    sql.run(TURN, (slug,))
    if not _is_news(queries.connection(slug), one):  # somebody was faster
        return False
    connect(known.kind, slug, {one.name: one.value}, ends={one.name: one.ends_on}, at=at, by=by, unproven="")
    _keep(_locked(slug), one, rules.Source("shop", at, one.old_on))
    return True


def _learn(slug: str, one: KeyEnd, at: datetime) -> bool:
    connection = _locked(slug)
    if not _is_news(connection, one):  # somebody was faster
        return False
    before = dict(connection.keys_end)
    known = rules.source(connection.keys_end_by, one.name)
    _keep(connection, one, rules.Source("shop", one.told_at, known.old_on if known else None))
    if before != connection.keys_end:
        emit(
            [
                ConnectionChanged(
                    subject=f"connection:{slug}",
                    at=at,
                    actor=f"connection:{slug}",
                    changed={"keys_end": (before, connection.keys_end)},
                )
            ]
        )
    return True


def _keep(connection: Connection, one: KeyEnd, source: rules.Source) -> None:
    connection.keys_end = dict(sorted({**connection.keys_end, one.name: str(one.ends_on)}.items()))
    connection.keys_end_by = {**connection.keys_end_by, one.name: msgspec.to_builtins(source)}
    connection.save(update_fields=["keys_end", "keys_end_by"])


def _locked(slug: str) -> Connection:
    return Connection.objects.select_for_update(no_key=True).get(slug=slug)


def _is_news(connection: Connection, one: KeyEnd) -> bool:
    return rules.is_news(rules.source(connection.keys_end_by, one.name), one)
