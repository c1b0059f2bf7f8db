"""Ask marketplaces how we stand by their own count, and what buyers say: once a day a report of each is asked
for, and read when it is ready."""

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction

from quartermaster.core import plugs, sql
from quartermaster.core.moment import now
from quartermaster.core.outside import Account, next_try, trouble_of
from quartermaster.inbox.queries.connections import connection as connection_of
from quartermaster.inbox.queries.connections import credentials
from quartermaster.marketplaces.actions.keep_reports import keep_feedback, keep_figures
from quartermaster.marketplaces.ports import FeedbackReports, StandingReports
from quartermaster.marketplaces.queries.shops import Shop
from quartermaster.marketplaces.queries.shops import shop as shop_of

log = logging.getLogger(__name__)
EVERY: Final = timedelta(days=1)
LOOK_EVERY: Final = timedelta(minutes=5)  # while a report is made
LEASE: Final = timedelta(minutes=2)
WAIT_MAX: Final = timedelta(hours=12)
GIVEN_UP_AFTER: Final = timedelta(hours=12)  # a report that takes longer is asked for anew
TOLD_OF: Final = timedelta(days=90)  # longer than any window, and than buyers have to say something
KNOWN: Final = """
insert into marketplaces_report (connection_id, what, next_at)
select s.connection_id, k.what, %(at)s from channels_shop s join inbox_connection c on c.id = s.connection_id
join jsonb_to_recordset(%(kinds)s::jsonb) as k(kind text, what text) on k.kind = c.kind
where not exists (select from marketplaces_report r where r.connection_id = c.id and r.what = k.what)
on conflict do nothing
"""
# One whose keys are refused is not asked: what it would say is known.
DUE: Final = """
update marketplaces_report t set next_at = %(until)s where id = (
  select r.id from marketplaces_report r join inbox_connection c on c.id = r.connection_id
  where c.is_active and c.keys_refused_at is null and r.next_at <= %(at)s
  order by r.next_at limit 1 for update of r skip locked)
returning id, (select slug from inbox_connection where id = t.connection_id), what, reference, asked_at,
  since_on, failures
"""
ASKED: Final = """
update marketplaces_report set reference = %(reference)s, asked_at = %(at)s, since_on = %(since)s,
  next_at = %(next)s where id = %(report)s
"""
LATER: Final = "update marketplaces_report set next_at = %(next)s where id = %(report)s"
READ: Final = """
update marketplaces_report set reference = '', answered_at = %(at)s, next_at = %(next)s, failures = 0,
  because = '', note = %(note)s where id = %(report)s
"""
FAILED: Final = """
update marketplaces_report set reference = case when %(is_over)s then '' else reference end,
  failures = failures + 1, because = %(because)s, next_at = %(next)s where id = %(report)s
"""


class Desk(NamedTuple):
    """Where a kind of report is asked for, and what is done with what it says: `keep` answers what it
    brought, in words."""

    port: type
    ask: Callable[[Any, Account, date], str]
    keep: Callable[[Shop, Any, date, datetime], str]


class Due(NamedTuple):
    """A report whose turn it is."""

    id: int
    slug: str
    what: str
    reference: str
    asked_at: datetime | None
    since_on: date | None
    failures: int


DESKS: Final[Mapping[str, Desk]] = {
    "figures": Desk(StandingReports, lambda port, account, since: port.ask(account=account), keep_figures),
    "feedback": Desk(
        FeedbackReports, lambda port, account, since: port.ask(account=account, since=since), keep_feedback
    ),
}


def ask_standing() -> int:
    """The chore: one report that is due. Returns how many were asked for or looked at."""
    at = now()
    kinds = [{"kind": kind, "what": what} for what, desk in DESKS.items() for kind in plugs.kinds(desk.port)]
    if not kinds:
        return 0
    with transaction.atomic():
        sql.run(KNOWN, {"at": at, "kinds": sql.rows(kinds)})
        found = sql.run(DUE, {"at": at, "until": at + LEASE})
    for row in found:
        _ask(Due._make(row), at)
    return len(found)


def _ask(due: Due, at: datetime) -> None:
    """The calls are outside of any transaction; what they bring is kept in one."""
    mine: dict[str, object] = {"report": due.id}
    is_stale = due.asked_at is None or due.since_on is None or at - due.asked_at > GIVEN_UP_AFTER
    desk = DESKS[due.what]
    try:
        connection = connection_of(due.slug)
        port: Any = plugs.plug(connection.kind).offer(desk.port)
        if port is None:
            return
        account = Account(due.slug, credentials(connection))
        if is_stale or not due.reference:
            since = (at - TOLD_OF).date()
            made = desk.ask(port, account, since)
            asked = {"reference": made, "at": at, "since": since, "next": at + LOOK_EVERY}
            sql.run(ASKED, {**mine, **asked})
            return
        told = port.read(account=account, reference=due.reference)
    except Exception as error:
        trouble = trouble_of(error, who=due.slug, log=log)
        next_at = next_try(
            at, failures=due.failures, every=LOOK_EVERY, most=WAIT_MAX, not_before=trouble.not_before
        )
        why = {"is_over": trouble.is_refused, "because": trouble.because or "no reason", "next": next_at}
        sql.run(FAILED, {**mine, **why})
        return
    if told is None:
        sql.run(LATER, {**mine, "next": at + LOOK_EVERY})
        return
    with transaction.atomic():
        note = desk.keep(shop_of(due.slug), told, due.since_on or at.date(), at)
        sql.run(READ, {**mine, "at": at, "next": at + EVERY, "note": note})
