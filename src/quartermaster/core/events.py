"""Facts: recorded in the caller's transaction, heard later by the listeners that the flow names."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.river import signal


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the business, past tense. `at` is when it happened, `actor` who did it, `source` by what."""

    kind: ClassVar[str]  # what it happens to: "order"
    subject: str  # "order:SO-1042"; events of one subject are heard in order
    at: datetime
    actor: str
    source: str = ""

    @property
    def name(self) -> str:
        return type(self).__name__


_COLUMNS = ("subject", "at", "actor", "source")
_listeners: dict[str, tuple[str, ...]] = {}  # event name -> listeners, set once by the flow


def route(listeners: Mapping[str, tuple[str, ...]]) -> None:
    """Tell `emit` who hears what. Called once at start by the flow."""
    _listeners.clear()
    _listeners.update(listeners)


EMIT = """
with fact as (
  insert into core_event (name, subject, at, actor, source, body)
  select name, subject, at, actor, source, body
  from jsonb_to_recordset(%(facts)s::jsonb)
    as f(n int, name text, subject text, at timestamptz, actor text, source text, body jsonb)
  order by n
  returning id, name, subject)
insert into core_delivery (event_id, listener, subject)
select fact.id, heard.listener, fact.subject
from fact join jsonb_to_recordset(%(heard)s::jsonb) as heard(name text, listener text) using (name)
order by fact.id
"""

RECORD = """
insert into core_event (name, subject, at, actor, source, body)
select name, subject, at, actor, source, body
from jsonb_to_recordset(%s::jsonb)
  as f(n int, name text, subject text, at timestamptz, actor text, source text, body jsonb)
order by n
"""


def emit(events: Iterable[Event]) -> None:
    """Record facts and queue them for their listeners, in the caller's
    transaction: all of it happens or nothing.

    The caller holds the lock of each subject, so that ids of one subject grow in the order of its history.
    """
    facts = _facts(events)
    if not facts:
        return
    assert sql.in_transaction(), "emit() belongs inside the action's transaction"
    heard = [
        {"name": name, "listener": listener}
        for name in sorted({str(fact["name"]) for fact in facts})
        for listener in _listeners.get(name, ())
    ]
    sql.run(EMIT, {"facts": sql.rows(facts), "heard": sql.rows(heard)})
    if heard:
        transaction.on_commit(signal.wake)


def record(events: Iterable[Event]) -> None:
    """Record facts that are long past, in the caller's transaction: they are told, and nobody is woken."""
    facts = _facts(events)
    if facts:
        assert sql.in_transaction(), "record() belongs inside the action's transaction"
        sql.run(RECORD, (sql.rows(facts),))


def _facts(events: Iterable[Event]) -> list[dict[str, object]]:
    facts = []
    for n, event in enumerate(events):
        body = msgspec.to_builtins(event)
        fact = {column: body.pop(column) for column in _COLUMNS}
        facts.append({"n": n, "name": event.name, **fact, "body": body})
    return facts
