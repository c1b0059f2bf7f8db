"""What reading messages again would change: they are read, looked at, and all of it is undone."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice

import msgspec
from django.db import transaction

from quartermaster.core import plugs, sql
from quartermaster.core.errors import Invalid
from quartermaster.core.river.fates import Fate, fate
from quartermaster.inbox.actions import Outcome, Taken, reopened
from quartermaster.orders.actions.known import Key
from quartermaster.orders.actions.take_in import read, take_in
from quartermaster.orders.ports import OrderSold, OrderSource

MESSAGES_MAX = 200
CHANGES_MAX = 60  # of one message
_SHOWN = 160  # characters of a value
_UNSAID = ["id", "version", "source_version", "order_id", "position"]  # of no meaning to a person

LOOK = """
select o.connection_id, o.external_id, 'SO-' || o.id, (to_jsonb(o) - %(unsaid)s::text[]
  || jsonb_build_object(
    'holds', (select coalesce(jsonb_agg(h.kind order by h.kind), '[]') from orders_hold h
              where h.order_id = o.id and h.released_at is null),
    'line', (select coalesce(jsonb_object_agg(l.position || ' ' || l.code, to_jsonb(l) - %(unsaid)s::text[]),
              '{}') from orders_line l where l.order_id = o.id)))::text
from orders_order o
join jsonb_to_recordset(%(keys)s::jsonb) as k(c bigint, e text)
  on o.connection_id = k.c and o.external_id = k.e
"""

type Fields = dict[str, object]


class FieldChange(msgspec.Struct, frozen=True):
    """A field of an order, in words of the table. order: "new" for one that is not here yet."""

    order: str
    field: str
    before: str
    after: str


class Rehearsed(msgspec.Struct, frozen=True):
    """What reading a message again would do. state: what it would be afterwards, "failed", or "unsaid" for
    one that tells of no order; changes: none where nothing changes. What follows from a change (stock, the
    floor) is not rehearsed."""

    message_id: int
    state: str
    because: str
    changes: tuple[FieldChange, ...] = ()


class _Undone(Exception):
    """Takes everything back."""


def rehearse(message_ids: Sequence[int]) -> list[Rehearsed]:
    """Oldest first, each after those before it, as a replay reads them. Leaves no row behind; only numbers
    that were drawn are not drawn again. Raises NotFound, and Invalid for more than MESSAGES_MAX."""
    if len(message_ids) > MESSAGES_MAX:
        raise Invalid(what="The messages", errors={"messages": f"at most {MESSAGES_MAX} at a time"})
    found = []
    with suppress(_Undone), transaction.atomic():
        found = [_one(message) for message in reopened(message_ids)]
        raise _Undone
    return found


def _one(message: Taken) -> Rehearsed:
    if plugs.plug(message.kind).offer(OrderSource) is None:  # type: ignore[type-abstract]  # a port
        return Rehearsed(message.id, "unsaid", "It tells of no order: what it would change is not rehearsed.")
    reading = read(message)
    if isinstance(reading, Outcome):
        return Rehearsed(message.id, reading.state, reading.because)
    keys = [
        Key(message.connection_id, one.external_id if isinstance(one, OrderSold) else one.order_external_id)
        for one in reading
    ]
    before = _look(keys)
    try:
        with transaction.atomic():
            (outcome,) = take_in([message])
            after = _look(keys)
    except Exception as error:  # whatever would go wrong is what was asked for, but not that somebody else
        if fate(error) is not Fate.FAILED:  # was faster, or that the database is away
            raise
        return Rehearsed(message.id, "failed", f"{type(error).__name__}: {str(error)[:300]}")
    changes = tuple(islice(_changes(before, after), CHANGES_MAX))
    return Rehearsed(message.id, outcome.state, outcome.because, changes)


def _look(keys: Sequence[Key]) -> dict[Key, tuple[str, Fields]]:
    asked = sql.rows({"c": key.connection_id, "e": key.external_id} for key in keys)
    return {
        Key(connection_id, external_id): (number, dict(_flat(msgspec.json.decode(content))))
        for connection_id, external_id, number, content in sql.run(LOOK, {"keys": asked, "unsaid": _UNSAID})
    }


def _flat(content: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _changes(
    before: Mapping[Key, tuple[str, Fields]], after: Mapping[Key, tuple[str, Fields]]
) -> Iterator[FieldChange]:
    for key, (number, now) in sorted(after.items()):
        if key not in before:
            total = f"{now['total_minor']} {now['currency']} in minor units"
            yield FieldChange("new", "order", "", f"{now['external_name'] or key.external_id}, {total}")
            continue
        then = before[key][1]
        for name in sorted({*then, *now}):
            if then.get(name) != now.get(name):
                yield FieldChange(number, name, _said(then.get(name)), _said(now.get(name)))


def _said(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
