"""Ask marketplaces how we stand by their own count: once a day a report is asked for, and read when it is
ready."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from quartermaster.core import plugs, sql
from quartermaster.core.moment import now
from quartermaster.core.outside import Account, next_try, trouble_of
from quartermaster.inbox.queries.connections import connection as connection_of
from quartermaster.inbox.queries.connections import credentials
from quartermaster.marketplaces.actions.tell_official import tell_official
from quartermaster.marketplaces.ports import Figure, StandingReports
from quartermaster.marketplaces.queries.shops import shop as shop_of
from quartermaster.marketplaces.rules.official import Told, wrong_with
from quartermaster.marketplaces.rules.terms import Measure

log = logging.getLogger(__name__)
EVERY: Final = timedelta(days=1)
LOOK_EVERY: Final = timedelta(minutes=5)  # while a report is made
LEASE: Final = timedelta(minutes=2)
WAIT_MAX: Final = timedelta(hours=12)
GIVEN_UP_AFTER: Final = timedelta(hours=12)  # a report that takes longer is asked for anew
KNOWN: Final = """
insert into marketplaces_inquiry (connection_id, next_at)
select s.connection_id, %(at)s from channels_shop s join inbox_connection c on c.id = s.connection_id
where c.kind = any(%(kinds)s) and not exists (
  select from marketplaces_inquiry q where q.connection_id = s.connection_id)
on conflict do nothing
"""
DUE: Final = """
update marketplaces_inquiry t set next_at = %(until)s where connection_id = (
  select q.connection_id from marketplaces_inquiry q join inbox_connection c on c.id = q.connection_id
  where c.is_active and q.next_at <= %(at)s order by q.next_at limit 1 for update of q skip locked)
returning connection_id, (select slug from inbox_connection where id = t.connection_id), reference, asked_at,
  failures
"""
ASKED: Final = """
update marketplaces_inquiry set reference = %(reference)s, asked_at = %(at)s, next_at = %(next)s
where connection_id = %(connection)s
"""
LATER: Final = "update marketplaces_inquiry set next_at = %(next)s where connection_id = %(connection)s"
READ: Final = """
update marketplaces_inquiry set reference = '', answered_at = %(at)s, next_at = %(next)s, failures = 0,
  because = '' where connection_id = %(connection)s
"""
FAILED: Final = """
update marketplaces_inquiry set reference = case when %(is_over)s then '' else reference end,
  failures = failures + 1, because = %(because)s, next_at = %(next)s where connection_id = %(connection)s
"""


def ask_standing() -> int:
    """The chore: one marketplace that is due. Returns how many were asked."""
    at, kinds = now(), plugs.kinds(StandingReports)
    if not kinds:
        return 0
    with transaction.atomic():
        sql.run(KNOWN, {"at": at, "kinds": kinds})
        found = sql.run(DUE, {"at": at, "until": at + LEASE})
    for connection_id, slug, reference, asked_at, failures in found:
        is_stale = asked_at is None or at - asked_at > GIVEN_UP_AFTER
        _ask(connection_id, slug, "" if is_stale else reference, failures, at)
    return len(found)


def _ask(connection_id: int, slug: str, reference: str, failures: int, at: datetime) -> None:
    """The calls are outside of any transaction; what they bring is kept in one."""
    mine: dict[str, object] = {"connection": connection_id}
    try:
        connection = connection_of(slug)
        port = plugs.plug(connection.kind).offer(StandingReports)  # type: ignore[type-abstract]  # by its protocol
        if port is None:
            return
        account = Account(slug, credentials(connection))
        if not reference:
            made = port.ask(account=account)
            sql.run(ASKED, {**mine, "reference": made, "at": at, "next": at + LOOK_EVERY})
            return
        figures = port.read(account=account, reference=reference)
    except Exception as error:
        trouble = trouble_of(error, who=slug, log=log)
        next_at = next_try(
            at, failures=failures, every=LOOK_EVERY, most=WAIT_MAX, not_before=trouble.not_before
        )
        told = {"is_over": trouble.is_refused, "because": trouble.because, "next": next_at}
        sql.run(FAILED, {**mine, **told})
    else:
        _keep(connection_id, slug, figures, at)


def _keep(connection_id: int, slug: str, figures: Sequence[Figure] | None, at: datetime) -> None:
    mine: dict[str, object] = {"connection": connection_id}
    if figures is None:
        sql.run(LATER, {**mine, "next": at + LOOK_EVERY})
        return
    told = [one for one in map(_told, figures) if one is not None]
    with transaction.atomic():
        tell_official(shop_of(slug), told, source="report", at=at, by="system")
        sql.run(READ, {**mine, "at": at, "next": at + EVERY})


def _told(figure: Figure) -> Told | None:
    """None for a measure we have no word for, or a figure that cannot be."""
    if figure.measure not in list(Measure):
        return None
    told = Told(
        Measure(figure.measure),
        figure.country,
        figure.first_on,
        figure.last_on,
        figure.numerator,
        figure.denominator,
    )
    return None if wrong_with(told) else told
