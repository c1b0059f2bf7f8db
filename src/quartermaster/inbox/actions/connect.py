"""Connect an outside system, change its settings, pause and resume it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec
from django.db import transaction

from quartermaster.core import plugs, secrets, sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.events import ConnectionChanged
from quartermaster.inbox import queries, rules
from quartermaster.inbox.actions.keys import take_up
from quartermaster.inbox.models import Connection


class OtherKind(Refused):
    code = "other-kind"
    message = "{slug} is a connection of kind {there}, not {kind}."
    remedy = "Choose another slug: what came over {slug} stays with it."


@transaction.atomic
def connect(
    kind: str,
    slug: str,
    settings: Mapping[str, str],
    *,
    at: datetime,
    by: str,
    overlap: timedelta = rules.ROTATION,
    ends: Mapping[str, date | None] | None = None,
    unproven: str | None = None,
) -> Connection:
    """Make a connection, or change the settings given and leave the others. "" takes an optional one away.

    A new webhook secret does not end the old one at once: both count for `overlap`, while the sender changes
    over. `ends`: the day on which a secret ends. `unproven`: why nobody could tell whether the keys count, ""
    when they do; None leaves what is known of that. A connection whose keys were refused goes on with what
    is changed. Secrets that no longer open have to be given again, all of them. Raises NotFound (kind),
    OtherKind, and Invalid with every field that is wrong.
    """
    plug = plugs.plug(kind)
    given = {name: value.strip() for name, value in settings.items()}
    # Two who make the same connection at once take turns.
    sql.run("select pg_advisory_xact_lock(hashtextextended('connection:' || %s, 0))", (slug,))
    connection = Connection.objects.select_for_update(no_key=True).filter(slug=slug).first()
    kept = _opened(connection) if connection else {}
    secret = {field.name for field in plug.settings if field.is_secret}
    _look_over(connection, plug, slug, given, {*kept}, {*(ends or {})} - secret)
    changed: dict[str, tuple[object, object]] = {}
    if connection is None:
        connection = Connection(slug=slug, kind=kind, settings={}, secret_names=[], created_at=at)
        connection.is_active, connection.keys_because, connection.keys_unproven = True, "", ""
        connection.keys_end, connection.keys_end_by = {}, {}
        changed["kind"] = (None, kind)
    changed |= _set_plain(connection, {name: given[name] for name in given if name not in secret})
    asked = {name: given[name] for name in given if name in secret}
    changed |= _set_secret(connection, kept, asked, at, overlap)
    known = rules.ends(connection.keys_end, changed, ends or {}, fields=plug.settings, on=at.date())
    known = {name: day for name, day in known.items() if name in connection.secret_names}
    by_whom = rules.sources(connection.keys_end_by, connection.keys_end, known, changed, ends or {}, at=at)
    if known != connection.keys_end:
        changed["keys_end"] = (connection.keys_end, known)
    connection.keys_end, connection.keys_end_by = known, by_whom
    if changed and unproven is not None and unproven != connection.keys_unproven:
        changed["keys_unproven"] = (connection.keys_unproven, unproven)
        connection.keys_unproven = unproven
    if changed:
        connection.save()
        _tell(connection, changed, at, by)
        take_up(connection, at=at, by=by)
    return connection


def look_over(kind: str, slug: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The settings as `connect` would take them, those that would change something alone; nothing is kept.
    Raises what it raises."""
    plug = plugs.plug(kind)
    given = {name: value.strip() for name, value in settings.items()}
    connection = Connection.objects.filter(slug=slug).first()
    kept = _opened(connection) if connection else {}
    _look_over(connection, plug, slug, given, {*kept}, set())
    before = {**(connection.settings if connection else {}), **{name: kept[name][0].value for name in kept}}
    return {name: value for name, value in given.items() if value != before.get(name, "")}


def _look_over(
    connection: Connection | None,
    plug: plugs.Plug,
    slug: str,
    given: Mapping[str, str],
    kept: set[str],
    no_secrets: set[str],
) -> None:
    """Raises OtherKind, and Invalid with every field that is wrong."""
    if connection is not None and connection.kind != plug.kind:
        raise OtherKind(slug=slug, there=connection.kind, kind=plug.kind)
    present = {*connection.settings, *kept} if connection else set()
    errors = rules.errors_in(slug, given, fields=plug.settings, present=present)
    if errors := errors | dict.fromkeys(no_secrets, "no secret of it"):
        raise Invalid(what=f"The connection {slug}", errors=errors)


def pause(slug: str, *, at: datetime, by: str) -> Connection:
    """Take no more messages over it, and send none, until it is resumed. Raises NotFound."""
    return _switch(slug, is_active=False, at=at, by=by)


def resume(slug: str, *, at: datetime, by: str) -> Connection:
    """Take and send again, also where its keys were refused: they may count again. What the other side sent
    meanwhile it sends again, or has to be fetched."""
    return _switch(slug, is_active=True, at=at, by=by)


def _opened(connection: Connection) -> dict[str, list[rules.Kept]]:
    try:
        return queries.opened(connection)
    except (secrets.SecretKeyChanged, secrets.SealBroken):
        return {}


@transaction.atomic
def _switch(slug: str, *, is_active: bool, at: datetime, by: str) -> Connection:
    queries.connection(slug)
    connection = Connection.objects.select_for_update(no_key=True).get(slug=slug)
    if connection.is_active != is_active:
        connection.is_active = is_active
        connection.save(update_fields=["is_active"])
        _tell(connection, {"is_active": (not is_active, is_active)}, at, by)
    if is_active:
        take_up(connection, at=at, by=by)
    return connection


def _set_plain(connection: Connection, given: Mapping[str, str]) -> dict[str, tuple[object, object]]:
    before = dict(connection.settings)
    after = {**before, **given}
    connection.settings = {name: value for name, value in after.items() if value}
    return {
        name: (before.get(name), value or None)
        for name, value in given.items()
        if before.get(name, "") != value
    }


def _set_secret(
    connection: Connection,
    kept: dict[str, list[rules.Kept]],
    given: Mapping[str, str],
    at: datetime,
    overlap: timedelta,
) -> dict[str, tuple[object, object]]:
    changed: dict[str, tuple[object, object]] = {}
    for name, value in given.items():
        before = kept.get(name, [])
        if value == (before[0].value if before else ""):
            continue
        if value:
            kept[name] = rules.replaced(before, name, value, at, overlap)
            changed[name] = ("set", "changed") if before else ("not set", "set")
        else:
            del kept[name]
            changed[name] = ("set", "not set")
    if changed:
        connection.sealed = secrets.seal(msgspec.json.encode(kept).decode(), owner=connection.slug)
        connection.secret_names = sorted(kept)
        connection.forget_at = rules.forget_at(kept)
    return changed


def _tell(connection: Connection, changed: dict[str, tuple[object, object]], at: datetime, by: str) -> None:
    emit([ConnectionChanged(subject=f"connection:{connection.slug}", at=at, actor=by, changed=changed)])
