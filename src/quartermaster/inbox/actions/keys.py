"""Keys that are not accepted: the connection is left alone until it has others, and goes on with them. Keys
nobody could try yet: they are used, said to be unproven, and tried again."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction

from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import go_on
from quartermaster.core.errors import Refused
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.core.outside import Account, AuthExpired, NotDone, RefusedOutside, Unclear
from quartermaster.core.queries import is_demo
from quartermaster.events import ConnectionChanged, KeysAccepted, KeysRefused
from quartermaster.inbox import queries
from quartermaster.inbox.models import Connection

log = logging.getLogger(__name__)
AGAIN = timedelta(hours=1)  # a shop that refused by mistake is found out by one look
WORDS_MAX = 300

# By the port over which it is made: one harmless call that needs the keys. Filled once at start by the flow.
trials: dict[type, Callable[[Account, Any], object]] = {}

# Only the keys that were tried: a person may have given others meanwhile.
REFUSE = """
update inbox_connection set keys_refused_at = %(at)s, keys_because = %(because)s, keys_tried_at = %(at)s,
  keys_unproven = ''
where id = %(id)s and keys_refused_at is null and sealed = %(sealed)s and settings = %(settings)s::jsonb
"""
ACCEPT = """
update inbox_connection set keys_refused_at = null, keys_because = '', keys_tried_at = null
where id = %(id)s and keys_refused_at is not null and sealed = %(sealed)s
"""
PROVE = """
update inbox_connection set keys_unproven = '', keys_tried_at = null
where id = %(id)s and keys_unproven <> '' and sealed = %(sealed)s and settings = %(settings)s::jsonb
"""
DUE = """
update inbox_connection t set keys_tried_at = %(at)s
where id = (
  select id from inbox_connection where (keys_refused_at is not null or keys_unproven <> '') and is_active
    and coalesce(keys_tried_at, 'epoch') <= %(at)s - %(again)s::interval
  order by keys_tried_at nulls first limit 1 for update skip locked)
returning slug
"""


class KeysNotTaken(Refused):
    code = "keys-not-taken"
    status = 422
    message = "{slug} does not accept these keys: {because}."
    remedy = "Make new ones there, or correct them. Nothing was saved."


class KeysNotTried(Refused):
    code = "keys-not-tried"
    status = 422
    message = "Whether {slug} accepts these keys is not known: {because}."
    remedy = "Try again when it answers, or save them untried. Nothing was saved."


def suspect(slug: str, refused: AuthExpired) -> None:
    """A call was not let in. One more, with the keys as they are kept now, decides: a right that is missing
    for one call stops nobody, and neither do keys that somebody has just replaced."""
    connection = Connection.objects.filter(slug=slug, keys_refused_at=None).first()
    if connection is None or is_demo() or not _has_keys(connection):
        return
    try:
        is_tried = _try(connection, {})
    except AuthExpired as again:
        with transaction.atomic():
            _refuse(connection, str(again), at=now())
    except (NotDone, RefusedOutside, Unclear, Refused) as trouble:
        log.info("%s did not let us in; whether its keys count is not known: %s", slug, trouble)
    else:
        if is_tried:
            log.info("%s did not let us do something, and accepts our keys: %s", slug, refused)


def can_be_tried(slug: str, kind: str, given: Mapping[str, str]) -> bool:
    """Whether there is a harmless call for these settings, over those that are kept. Not in a demo."""
    connection = _known_or_new(slug, kind)
    is_asked = any(plugs.plug(kind).offer(port) is not None for port in trials)
    return is_asked and not is_demo() and _has_keys(connection, given)


def check(slug: str, kind: str, given: Mapping[str, str]) -> bool:
    """Whether these settings, over those that are kept, are accepted: one harmless call, outside every
    transaction. False: nothing can be asked of this kind, or in a demo. Raises KeysNotTaken, KeysNotTried."""
    connection = _known_or_new(slug, kind)
    if is_demo() or not _has_keys(connection, given):
        return False
    try:
        return _try(connection, given)
    except AuthExpired as wrong:
        raise KeysNotTaken(slug=slug, because=str(wrong).rstrip(".")) from None
    except (NotDone, Unclear) as wrong:
        raise KeysNotTried(slug=slug, because=str(wrong).rstrip(".")) from None


def try_keys() -> int:
    """The chore: a connection whose keys are refused, or were not proven, is asked once an hour. Returns how
    many were."""
    at = now()
    with transaction.atomic():
        found = sql.run(DUE, {"at": at, "again": AGAIN})
    for (slug,) in found:
        connection = queries.connection(slug)
        try:
            is_tried = _try(connection, {})
        except AuthExpired as wrong:
            log.info("%s does not accept its keys: %s", slug, wrong)
            if connection.keys_refused_at is None:
                with transaction.atomic():
                    _refuse(connection, str(wrong), at=at)
            continue
        except (NotDone, RefusedOutside, Unclear, Refused) as trouble:
            log.info("whether %s accepts its keys is still not known: %s", slug, trouble)
            continue
        if is_tried:
            with transaction.atomic():
                take_up(connection, at=at, by="system")
                prove(connection, at=at, by="system")
    return len(found)


@transaction.atomic
def prove(connection: Connection, *, at: datetime, by: str) -> None:
    """Its keys, as they were when it was read, were seen to count."""
    settings = msgspec.json.encode(connection.settings).decode()
    if sql.change(PROVE, {"id": connection.pk, "sealed": bytes(connection.sealed), "settings": settings}):
        changed = {"keys_unproven": (connection.keys_unproven, "")}
        connection.keys_unproven = ""
        slug = connection.slug
        emit([ConnectionChanged(subject=f"connection:{slug}", at=at, actor=by, changed=changed)])


def take_up(connection: Connection, *, at: datetime, by: str) -> None:
    """It is asked and told again, in the caller's transaction; what waited for it is due."""
    if connection.keys_refused_at is None:
        return
    if not sql.change(ACCEPT, {"id": connection.pk, "sealed": bytes(connection.sealed)}):
        return
    connection.keys_refused_at, connection.keys_because, connection.keys_tried_at = None, "", None
    slug = connection.slug
    freed = go_on(f"keys:{slug}", at=at)
    fact = KeysAccepted(subject=f"connection:{slug}", at=at, actor=by, connection=slug, freed=freed)
    emit([fact])


def _refuse(connection: Connection, because: str, *, at: datetime) -> None:
    slug, because = connection.slug, because[:WORDS_MAX]
    facts = {"id": connection.pk, "at": at, "because": because, "sealed": bytes(connection.sealed)}
    if sql.change(REFUSE, {**facts, "settings": msgspec.json.encode(connection.settings).decode()}):
        fact = KeysRefused(
            subject=f"connection:{slug}", at=at, actor="system", connection=slug, because=because
        )
        emit([fact])


def _known_or_new(slug: str, kind: str) -> Connection:
    """It, or what it would be without any setting; then nothing is saved."""
    found = Connection.objects.filter(slug=slug).first()
    return found or Connection(slug=slug, kind=kind, settings={}, secret_names=[], sealed=b"")


def _has_keys(connection: Connection, given: Mapping[str, str] | None = None) -> bool:
    """Not one that only sends: it lacks what it would be asked with, and that is no trouble."""
    there = {*connection.settings, *connection.secret_names, *(given or {})}
    return all(one.name in there for one in plugs.plug(connection.kind).settings if one.is_to_ask)


def _try(connection: Connection, given: Mapping[str, str]) -> bool:
    """Make the harmless call; False when there is none for this kind. What is refused for another reason than
    the keys was let in. Raises AuthExpired, NotDone, Unclear; Refused where the secrets do not open."""
    plug = plugs.plug(connection.kind)
    found = next(((port, call) for port, call in trials.items() if plug.offer(port) is not None), None)
    if found is None:
        return False
    port, call = found
    settings = {**queries.credentials(connection, is_trial=True), **given}
    account = Account(connection.slug, {name: value for name, value in settings.items() if value})
    try:
        call(account, plug.offer(port))
    except RefusedOutside as refusal:
        log.info("%s answers, and refuses the question: %s", connection.slug, refusal)
    return True
