"""Scans are taken in: kept as told, once, and the parcels they are about added up anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import plugs, sql
from quartermaster.tracking.actions.refold import lock, refold
from quartermaster.tracking.ports import ScanCodes, ScanTold
from quartermaster.tracking.rules import STATUSES, meaning

AHEAD_MAX = timedelta(hours=26)  # a local time taken for UTC is at most so far ahead

FIND = """
select t.n, p.id, p.order_id, p.carrier
from jsonb_to_recordset(%s::jsonb) as t(n int, parcel_id bigint, number text, carrier text)
join lateral (
  (select id, order_id, carrier from warehouse_parcel
   where id = t.parcel_id and (t.number = '' or tracking_number = t.number))
  union all
  (select id, order_id, carrier from warehouse_parcel
   where t.parcel_id is null and tracking_number = t.number and tracking_number <> '' and state <> 'cancelled'
     and (t.carrier = '' or carrier = '' or lower(carrier) = lower(t.carrier))
   order by id desc limit 1)
) p on true
"""
KEEP = """
insert into tracking_scan (parcel_id, key, at, status, code, message, place, source, recorded_at)
select parcel_id, key, at, status, code, message, place, %(source)s, %(at)s
from jsonb_to_recordset(%(scans)s::jsonb) as s(
  n int, parcel_id bigint, key text, at timestamptz, status text, code text, message text, place text)
order by parcel_id, key, n
on conflict (parcel_id, key) do nothing returning parcel_id, key
"""


class Outcome(StrEnum):
    NEW = "new"
    KNOWN = "known"  # told before: nothing changes
    NO_PARCEL = "no_parcel"
    REFUSED = "refused"


class Taken(NamedTuple):
    """What became of one row. parcel_id: None when there is none. status: how the scan was read. because:
    why it was not kept, or what is odd about it."""

    outcome: Outcome
    parcel_id: int | None
    status: str
    because: str


class Found(NamedTuple):
    parcel_id: int
    order_id: int
    carrier: str


def scan(told: Sequence[ScanTold], *, source: str, at: datetime, by: str) -> list[Taken]:
    """Take scans in, in any sequence and as often as they come; one answer a row, in the rows' sequence. A
    constant number of statements. `at` is now: when we learned of them."""
    with transaction.atomic():
        found = _find(told)
        lock(each.order_id for each in found.values())
        answers = [_read(one, found.get(n), at) for n, one in enumerate(told)]
        keys = {n: _key(one) for n, one in enumerate(told) if not answers[n].because}
        scans = [
            {
                "n": n,
                "parcel_id": answers[n].parcel_id,
                "key": key,
                "at": told[n].at,
                "status": answers[n].status,
                "code": told[n].code,
                "message": told[n].message,
                "place": told[n].place,
            }
            for n, key in keys.items()
        ]
        new = set(sql.run(KEEP, {"scans": sql.rows(scans), "source": source, "at": at})) if scans else set()
        if new:
            refold({parcel_id for parcel_id, _ in new}, at=at, by=by, source=source)
    for n, key in keys.items():
        mine = (answers[n].parcel_id, key)
        if mine in new:
            new.discard(mine)  # told twice in one batch, it is new once
        else:
            answers[n] = answers[n]._replace(outcome=Outcome.KNOWN)
    return answers


def _find(told: Sequence[ScanTold]) -> dict[int, Found]:
    """Row -> its parcel. Of several with one tracking number the newest: carriers use numbers again."""
    asked = [
        {"n": n, "parcel_id": one.parcel_id, "number": one.tracking_number, "carrier": one.carrier}
        for n, one in enumerate(told)
    ]
    return {n: Found(*rest) for n, *rest in sql.run(FIND, (sql.rows(asked),))} if asked else {}


def _read(told: ScanTold, found: Found | None, at: datetime) -> Taken:
    status = told.status if told.status in STATUSES else ""
    if found is None:
        name = f"P-{told.parcel_id}" if told.parcel_id is not None else f"number {told.tracking_number!r}"
        return Taken(Outcome.NO_PARCEL, None, status, f"There is no parcel with {name}.")
    status = status or meaning(told.code, _codes(told.carrier or found.carrier))
    if told.at > at + AHEAD_MAX:
        return Taken(Outcome.REFUSED, found.parcel_id, status, "It lies in the future.")
    return Taken(Outcome.NEW, found.parcel_id, status, "")


def _codes(carrier: str) -> Mapping[str, str] | None:
    plug = plugs.installed().get(carrier.lower())
    codes = plug.offer(ScanCodes) if plug else None  # type: ignore[type-abstract]
    return codes.statuses() if codes else None


def _key(told: ScanTold) -> str:
    if told.key:
        return f"id:{told.key}"
    return f"{told.at.isoformat()}|{(told.code or told.status).upper()}|{told.place}"
