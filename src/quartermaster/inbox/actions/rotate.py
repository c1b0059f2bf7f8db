"""Replace the keys of a connection without losing a message, and forget those that were replaced."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec
from django.db import transaction

from quartermaster.core import plugs, secrets, sql
from quartermaster.core.errors import Invalid
from quartermaster.inbox import queries, rules
from quartermaster.inbox.actions.connect import connect, look_over
from quartermaster.inbox.actions.keys import KeysNotTried, can_be_tried, check
from quartermaster.inbox.models import Connection

UNTRIED = "they were saved untried"
DUE = """
select slug from inbox_connection where forget_at <= %s order by slug for no key update skip locked
"""


def replace_keys(
    slug: str,
    given: Mapping[str, str],
    *,
    ends: Mapping[str, date | None] | None = None,
    overlap_hours: int = int(rules.ROTATION / timedelta(hours=1)),
    is_tried: bool = True,
    at: datetime,
    by: str,
) -> Connection:
    """Save new keys, tried by one harmless call before; without `is_tried` they are unproven. The old webhook
    secret counts for `overlap_hours` more. Called outside every transaction. Raises NotFound, Invalid,
    KeysNotTaken, KeysNotTried."""
    found = queries.connection(slug)
    if wrong := rules.overlap_wrong(overlap_hours):
        raise Invalid(what="The keys", errors={"overlap_hours": wrong})
    settings = {name: value.strip() for name, value in given.items()}
    unproven: str | None = None
    if is_tried and settings:
        unproven = "" if check(slug, found.kind, settings) else None
    elif settings and can_be_tried(slug, found.kind, settings):
        unproven = UNTRIED
    overlap = timedelta(hours=overlap_hours)
    return connect(found.kind, slug, settings, at=at, by=by, overlap=overlap, ends=ends, unproven=unproven)


def connect_tried(kind: str, slug: str, settings: Mapping[str, str], *, at: datetime, by: str) -> str:
    """Make or change a connection as `connect` does, its keys tried before they are kept: those that are not
    accepted are not kept, and those that nobody could tell of are kept as unproven, and tried again by the
    chore. Returns why they are unproven, "" when they are not. Called outside every transaction. Raises what
    `connect` does, and KeysNotTaken."""
    changed = look_over(kind, slug, settings)
    unproven: str | None = None
    if any(rules.is_key(one) and one.name in changed for one in plugs.plug(kind).settings):
        try:
            unproven = "" if check(slug, kind, changed) else None
        except KeysNotTried as trouble:
            unproven = str(trouble.facts["because"])
    connect(kind, slug, settings, at=at, by=by, unproven=unproven)
    return unproven or ""


@transaction.atomic
def forget_replaced(*, at: datetime) -> int:
    """Secrets that were replaced, and do not count any more, are not kept. Returns of how many
    connections."""
    done = 0
    for (slug,) in sql.run(DUE, (at,)):
        connection = Connection.objects.get(slug=slug)
        try:
            kept = queries.opened(connection)
        except (secrets.SecretKeyChanged, secrets.SealBroken):
            continue  # nobody can read them; they are given anew one day
        left = {
            name: [one for one in values if one.until is None or one.until > at]
            for name, values in kept.items()
        }
        connection.sealed = secrets.seal(msgspec.json.encode(left).decode(), owner=slug)
        connection.forget_at = rules.forget_at(left)
        connection.save(update_fields=["sealed", "forget_at"])
        done += 1
    return done
