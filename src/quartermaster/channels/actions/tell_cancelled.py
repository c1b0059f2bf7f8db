"""Shops are told of what our own people took off an order, each unit once. What a shop took off itself is not
told back: only what is off here and not there counts."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from quartermaster.channels.ports import Cancels
from quartermaster.channels.ports import Told as Theirs
from quartermaster.channels.queries.cancellations import WantedOff, wanted_off
from quartermaster.channels.queries.connected import port_of
from quartermaster.channels.rules import not_now
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.effects import Told, Turn, later
from quartermaster.core.errors import Refused
from quartermaster.core.events import Event, emit
from quartermaster.core.moment import now
from quartermaster.core.outside import NotDone, RefusedOutside
from quartermaster.events import CancellationRefused, CancellationTold, OrderCancelled, OrderChanged

CANCEL = "channels.cancel"
LIVE = """
select o.id from orders_order o join channels_shop s on s.connection_id = o.connection_id and s.mode = 'live'
join inbox_connection c on c.id = s.connection_id
where o.id = any(%(orders)s) and c.kind = any(%(kinds)s) and not o.is_test
order by o.id for no key update of o
"""
# Units the shop sold (what our people added it never knew), off here, not off there, and not told before.
WANT = """
with off as (
  select l.order_id, l.id as line_id,
    least(l.cancelled_here, l.sold) - l.added - greatest(l.cancelled_there, coalesce((
      select sum(y.units)::bigint from channels_cancelled_line y
      join channels_cancellation x on x.id = y.cancellation_id
      where y.line_id = l.id and x.state <> 'refused'), 0)) as units
  from orders_line l where l.order_id = any(%(orders)s) and l.external_id <> ''
), whole as (
  select o.id, o.connection_id, c.kind, o.cancelled_at is not null and not exists (
    select from orders_line l where l.order_id = o.id and (l.wanted > 0 or l.shipped > 0)) as is_whole
  from orders_order o join inbox_connection c on c.id = o.connection_id
  where o.id in (select order_id from off where units > 0)
), made as (
  insert into channels_cancellation (order_id, shop_id, is_whole, note, wanted_at)
  select w.id, w.connection_id, w.is_whole, r.note, %(at)s
  from whole w join jsonb_to_recordset(%(notes)s::jsonb) as r(id bigint, note text) using (id)
  where w.is_whole or w.kind = any(%(by_line)s) order by w.id returning id, order_id
), lines as (
  insert into channels_cancelled_line (cancellation_id, line_id, units)
  select m.id, f.line_id, f.units from made m join off f using (order_id) where f.units > 0
)
select id, order_id from made order by id
"""
SETTLE = """
update channels_cancellation set state = %(state)s, theirs = %(theirs)s, because = %(because)s,
  settled_at = %(at)s
where id = %(id)s and state = 'queued' returning order_id
"""


def tell_cancelled(events: Sequence[Event]) -> None:
    """The listener: a wish for each order of which more is off here than its shop knows. At most three
    statements, and none for what a shop told itself."""
    notes = {
        event.order_id: event.because
        for event in events
        if isinstance(event, OrderCancelled | OrderChanged) and not event.actor.startswith("connection:")
    }
    kinds = plugs.kinds(Cancels)
    if not notes or not kinds:
        return
    at = events[-1].at
    live = [order for (order,) in sql.run(LIVE, {"orders": sorted(notes), "kinds": kinds})]
    if not live:
        return
    rows = sql.rows({"id": order, "note": notes[order]} for order in live)
    asked = {"orders": live, "by_line": _by_line(kinds), "notes": rows, "at": at}
    wish_all(
        [
            Wish(f"channel:C-{made}", CANCEL, f"order:SO-{order}", {"cancellation_id": made}, at)
            for made, order in sql.run(WANT, asked)
        ]
    )


def _by_line(kinds: Sequence[str]) -> list[str]:
    """Those of which a part of an order can be cancelled."""
    offered = ((kind, plugs.plug(kind).offer(Cancels)) for kind in kinds)  # type: ignore[type-abstract]
    return [kind for kind, port in offered if port is not None and port.cancels_lines]


class CancelThere:
    """The effect `channels.cancel`."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        cancellation_id, asked = _asked(body)
        wait = not_now(asked.slug, mode=asked.mode, is_active=asked.is_active)
        if wait is not None:
            return _refused(cancellation_id, asked, wait.because) if wait.turn is Turn.REFUSE else wait
        try:
            account, cancels = port_of(asked.slug, Cancels)  # type: ignore[type-abstract]
            theirs = cancels.cancel(account=account, cancellation=asked.cancellation)
        except (RefusedOutside, Refused) as refusal:
            return _refused(cancellation_id, asked, str(refusal))
        except NotDone as trouble:
            return later(trouble)
        return _told(cancellation_id, asked, theirs)

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        cancellation_id, asked = _asked(body)
        account, cancels = port_of(asked.slug, Cancels)  # type: ignore[type-abstract]
        try:
            theirs = cancels.find_cancellation(account=account, cancellation=asked.cancellation)
        except RefusedOutside as refusal:  # the order is gone there
            return _refused(cancellation_id, asked, str(refusal))
        if theirs is None:
            return Told(Turn.FIND_UNDONE, f"{asked.slug} does not know {asked.cancellation.reference}")
        return _told(cancellation_id, asked, theirs)


def _asked(body: Mapping[str, object]) -> tuple[int, WantedOff]:
    cancellation_id = body["cancellation_id"]
    assert isinstance(cancellation_id, int)
    return cancellation_id, wanted_off(cancellation_id)


@transaction.atomic
def _told(cancellation_id: int, asked: WantedOff, theirs: Theirs) -> Told:
    at = now()
    facts = {"id": cancellation_id, "state": "told", "theirs": theirs.theirs, "because": "", "at": at}
    for (order_id,) in sql.run(SETTLE, facts):
        told = CancellationTold(
            subject=f"order:SO-{order_id}",
            at=at,
            actor="system",
            order_id=order_id,
            cancellation_id=cancellation_id,
            connection=asked.slug,
            is_whole=asked.cancellation.is_whole,
            theirs=theirs.theirs,
        )
        emit([told])
    return Told(Turn.CONFIRM, f"{asked.slug} knows of {asked.cancellation.reference}")


@transaction.atomic
def _refused(cancellation_id: int, asked: WantedOff, because: str) -> Told:
    at = now()
    facts = {"id": cancellation_id, "state": "refused", "theirs": "", "because": because, "at": at}
    for (order_id,) in sql.run(SETTLE, facts):
        refused = CancellationRefused(
            subject=f"order:SO-{order_id}",
            at=at,
            actor="system",
            order_id=order_id,
            cancellation_id=cancellation_id,
            connection=asked.slug,
            because=because,
        )
        emit([refused])
    return Told(Turn.REFUSE, because)
