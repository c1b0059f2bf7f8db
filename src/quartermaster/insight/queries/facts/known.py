"""What was known at some moment: every statement of facts in two forms, for now and for then.

The tables hold what is so now. What was so then is that, without what was recorded later: rows that carry
the moment they were recorded are left out, and what changed in place is read back from the event log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import msgspec

from quartermaster.insight.rules.days import Period
from quartermaster.insight.rules.errors import PATTERN
from quartermaster.insight.rules.zones import ZONES
from quartermaster.tracking.rules.fold import BEGINS_RETURN, ENDS_RETURN, UNDOES_DELIVERY

_ZONES = msgspec.json.encode(ZONES).decode()


@dataclass(frozen=True)
class Ask:
    """A period, asked for `at` some moment. With `known_at` only what was recorded by then is seen, and
    that is the moment from which the past is looked at."""

    period: Period
    at: datetime
    known_at: datetime | None = None

    @property
    def seen_from(self) -> datetime:
        return self.known_at or self.at

    @cached_property
    def params(self) -> dict[str, object]:
        elapsed = self.period.elapsed(self.seen_from)
        return {
            "begin": self.period.begin,
            "end": self.period.end,
            "until": min(self.period.end, self.seen_from),
            "starts": self.period.midnights[:-1],
            "first": self.period.first,
            "last": self.period.last,
            "tz": self.period.tz,
            "days": max(1, elapsed),
            "now": self.seen_from,
            "known": self.known_at,
            "zones": _ZONES,
            "errors": PATTERN,
        }


_SUBJECT = "e.subject = 'order:SO-' || o.id"
_LATER = f"{_SUBJECT} and e.recorded_at > %(known)s"
_WANTED = """(e.name = 'OrderCancelled' or e.name = 'OrderChanged' and exists (
    select from jsonb_object_keys(e.body -> 'changed') k where k like '%% wanted'))"""
_UNPAID = "o.paid_at is null and o.paid_minor = 0 and o.refunded_minor = 0"
_DONE = "coalesce(u.is_whole, true)"
_TAKEN_OFF = "coalesce(u.is_short, false)"
_HANDED = "coalesce(p.handed_over_recorded_at, p.recorded_at)"
_CANCELLED = f"""(o.cancelled_at is not null and coalesce((select min(e.recorded_at) from core_event e
    where {_SUBJECT} and e.name = 'OrderCancelled'), '-infinity') <= %(known)s)"""  # noqa: S608
_REFUND = f"""coalesce((select min(e.recorded_at) from core_event e where {_SUBJECT}
    and e.name = 'OrderRefunded' and e.body ->> 'refund' = r.external_id), '-infinity')"""  # noqa: S608
# As tracking folds scans (tracking.rules.fold), those told by then; without later ones the track is it.
_DELIVERED = f"""case when not exists (select from tracking_scan s where s.parcel_id = t.parcel_id
      and s.recorded_at > %(known)s)
    then case when coalesce(t.delivered_recorded_at, '-infinity') <= %(known)s then t.delivered_at end
    else (select min(s.at) from tracking_scan s where s.parcel_id = t.parcel_id and s.status = 'delivered'
      and s.recorded_at <= %(known)s and not exists (select from tracking_scan u
        where u.parcel_id = t.parcel_id and u.recorded_at <= %(known)s and u.at > s.at
        and u.status in ({", ".join(f"'{status}'" for status in sorted(UNDOES_DELIVERY))}))
      and not exists (select from tracking_scan r where r.parcel_id = t.parcel_id
        and r.recorded_at <= %(known)s and r.status = '{BEGINS_RETURN}' and r.at <= s.at
        and not exists (select from tracking_scan a where a.parcel_id = t.parcel_id
          and a.recorded_at <= %(known)s and a.status = '{ENDS_RETURN}' and a.at > r.at
          and a.at <= s.at))) end"""  # noqa: S608 - constants only
_TOLD_LATER = f"t.delivered_at is not null and {_DELIVERED} is null"
# Kits of a line whose parts had all arrived: by what was promised for it, as when deliveries are counted
# (tracking.queries.delivered), whatever the kit is made of today. What came fills promise after promise.
_KITS = f"""coalesce((select sum(h.kits) from (
    select min(greatest(0, least(r.units, coalesce(c.units, 0) - r.before)) / r.per_unit) as kits
    from (
      select r.holder, r.sku_id, r.per_unit, sum(r.quantity)::bigint as units,
        (sum(sum(r.quantity)) over (partition by r.sku_id order by r.holder)
          - sum(r.quantity))::bigint as before
      from stock_reservation r where r.claim = l.id and r.state = 'consumed'
      group by r.holder, r.sku_id, r.per_unit) r
    left join (
      select i.sku_id, sum(i.quantity)::bigint as units
      from warehouse_parcel_item i join warehouse_parcel p on p.id = i.parcel_id
      join tracking_track t on t.parcel_id = p.id
      where i.line_id = l.id and p.state = 'handed_over' and {_DELIVERED} is not null
      group by i.sku_id) c on c.sku_id = r.sku_id
    group by r.holder) h), 0)"""  # noqa: S608 - constants only

NOW: Mapping[str, str] = {
    "sound": f"not o.is_test and not (o.cancelled_at is not null and {_UNPAID})",
    "cancelled": "o.cancelled_at is not null",
    "total": "o.total_minor",
    "handed": "p.state = 'handed_over'",
    "delivered": "t.delivered_at",
    "done": _DONE,
    "taken_off": _TAKEN_OFF,
    "promised": "true",
    "is_there": "true",
    "is_allocated": "a.state <> 'cancelled'",
    "is_refunded": "true",
    "refunded_by": "true",
    "line_delivered": "l.delivered",
    "line_returned": "l.returned",
    "delivered_too": "",
    "moved": "true",
    "marked": "true",
    "rated": "true",
}
THEN: Mapping[str, str] = {
    "sound": f"o.captured_at <= %(known)s and not o.is_test and not ({_CANCELLED} and {_UNPAID})",
    "cancelled": _CANCELLED,
    "total": f"""coalesce((select (e.body -> 'changed' -> 'total_minor' ->> 0)::bigint from core_event e
        where {_LATER} and e.name = 'OrderChanged' and e.body -> 'changed' ? 'total_minor'
        order by e.id limit 1), o.total_minor)""",  # noqa: S608
    "handed": f"p.state = 'handed_over' and {_HANDED} <= %(known)s",
    "delivered": _DELIVERED,
    "done": f"""{_DONE} and not exists (select from warehouse_parcel p where p.order_id = o.id
        and p.state = 'handed_over' and {_HANDED} > %(known)s)
        and not ({_TAKEN_OFF} and exists (select from core_event e where {_LATER} and {_WANTED}))""",  # noqa: S608
    "taken_off": f"""({_TAKEN_OFF} and not exists (
        select from core_event e where {_LATER} and {_WANTED}))""",
    "is_there": f"least(p.recorded_at, {_HANDED}) <= %(known)s",
    "promised": "coalesce(o.promised_at, o.captured_at) <= %(known)s",
    "is_allocated": f"""a.at <= %(known)s and (a.state <> 'cancelled' or not exists (
        select from core_event e where {_SUBJECT} and e.name = 'AllocationCancelled'
        and e.at >= a.at and e.recorded_at <= %(known)s))""",
    "is_refunded": f"{_REFUND} <= %(known)s",
    "refunded_by": "r.at <= %(known)s",
    # A parcel of imported history may not say what was in it: then it was everything.
    "line_delivered": f"""case when exists (select from warehouse_parcel p
        join tracking_track t on t.parcel_id = p.id where p.order_id = o.id
        and {_TOLD_LATER}
        and not exists (select from warehouse_parcel_item i where i.parcel_id = p.id)) then 0
        when exists (select from warehouse_parcel_item i join tracking_track t on t.parcel_id = i.parcel_id
        where i.line_id = l.id and i.sku_id <> l.sku_id and {_TOLD_LATER}) then least(l.shipped, {_KITS})
        else greatest(0, l.delivered - coalesce((select sum(i.quantity) from warehouse_parcel_item i
        join tracking_track t on t.parcel_id = i.parcel_id where i.line_id = l.id
        and {_TOLD_LATER}), 0)) end""",  # noqa: S608
    "line_returned": f"""greatest(0, l.returned - coalesce((
        select sum((x ->> 'quantity')::bigint) from orders_refund r, jsonb_array_elements(r.lines) x
        where r.order_id = o.id and x ->> 'restock' = 'return' and x ->> 'line_external_id' = l.external_id
        and {_REFUND} > %(known)s), 0))""",  # noqa: S608
    "delivered_too": """union select q.order_id from tracking_scan s join warehouse_parcel q
        on q.id = s.parcel_id where s.status = 'delivered' and s.at >= %(begin)s and s.at < %(end)s""",
    "moved": "m.recorded_at <= %(known)s",
    "marked": "m.recorded_at <= %(known)s",
    "rated": "g.recorded_at <= %(known)s",
}


def text(statement: str, ask: Ask) -> str:
    """A statement in the form that `ask` wants."""
    return statement.format_map(NOW if ask.known_at is None else THEN)
