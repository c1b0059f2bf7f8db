"""Placing and releasing holds for a batch: rows, facts and the state in memory go together."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import HoldPlaced, HoldReleased
from quartermaster.orders.actions.state import OrderState


class Wanted(NamedTuple):
    """A hold to place on an order, or to take back; `at` and `source` say when and by what."""

    order: OrderState
    kind: str
    because: str
    at: datetime
    source: str = ""
    owner: str = ""
    expires_at: datetime | None = None


PLACE = """
insert into orders_hold (order_id, kind, because, owner, placed_by, since, expires_at)
select h.order_id, h.kind, h.because, h.owner, h.placed_by, h.since, h.expires_at
from jsonb_to_recordset(%s::jsonb) as h(
  order_id bigint, kind text, because text, owner text, placed_by text, since timestamptz, expires_at
    timestamptz)
on conflict (order_id, kind) where released_at is null do update
  set because = excluded.because, expires_at = case when excluded.placed_by = 'system'
    then excluded.expires_at else coalesce(excluded.expires_at, orders_hold.expires_at) end
"""
RELEASE = """
update orders_hold x set released_at = h.at, released_by = h.by, released_because = h.because
from jsonb_to_recordset(%s::jsonb) as h(order_id bigint, kind text, because text, by text, at timestamptz)
where x.order_id = h.order_id and x.kind = h.kind and x.released_at is null
"""


def place(wanted: Iterable[Wanted], *, by: str) -> None:
    """Place holds; one of the same kind that is active gets the new
    reason. Orders are locked by the caller."""
    fresh = [w for w in wanted if w.order.holds.get(w.kind) != w.because]
    if not fresh:
        return
    rows = [
        {
            "order_id": w.order.id,
            "kind": w.kind,
            "because": w.because,
            "owner": w.owner,
            "placed_by": by,
            "since": w.at,
            "expires_at": w.expires_at,
        }
        for w in fresh
    ]
    sql.run(PLACE, (sql.rows(rows),))
    for w in fresh:
        w.order.holds[w.kind] = w.because
    emit(_told(HoldPlaced, w, by) for w in fresh)


def take_back(wanted: Iterable[Wanted], *, by: str) -> None:
    """Release active holds. Orders are locked by the caller."""
    active = [w for w in wanted if w.kind in w.order.holds]
    if not active:
        return
    rows = [
        {"order_id": w.order.id, "kind": w.kind, "because": w.because, "by": by, "at": w.at} for w in active
    ]
    sql.run(RELEASE, (sql.rows(rows),))
    for w in active:
        del w.order.holds[w.kind]
    emit(_told(HoldReleased, w, by) for w in active)


def _told[H: (HoldPlaced, HoldReleased)](fact: type[H], w: Wanted, by: str) -> H:
    return fact(
        subject=w.order.subject,
        at=w.at,
        actor=by,
        source=w.source,
        order_id=w.order.id,
        hold=w.kind,
        because=w.because,
    )
