"""Look at what is under way: which parcels will likely be late, and which have been lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from quartermaster.allocation.rules.transit import Transit
from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.queries import setting
from quartermaster.core.workdays import holidays_between, last_zone
from quartermaster.events import LateForeseen
from quartermaster.shipping.actions.claim_lost import Lost, claim_lost
from quartermaster.shipping.actions.claims import move_claim
from quartermaster.shipping.rules.claims import Turn
from quartermaster.tracking.queries import under_way
from quartermaster.tracking.queries.late import LOST_AFTER
from quartermaster.tracking.queries.under_way import Together
from quartermaster.tracking.rules.risk import AT_RISK, LOST_DAYS, Outlook, outlook

THRESHOLD: Final = "late.threshold"  # a share; AT_RISK where nobody set it
LOOKED_BACK: Final = timedelta(days=60)  # what was silent for longer is history, and no carrier's claim
LOST_MAX: Final = 500  # of a run; the next one goes on

LOCK: Final = "select pg_advisory_xact_lock(hashtextextended('tracking.foresee', 0))"
FORGET: Final = """
delete from tracking_risk r where not exists (
  select from jsonb_to_recordset(%s::jsonb) as n(parcel_id bigint) where n.parcel_id = r.parcel_id)
"""
KEEP: Final = """
with given as (
  select * from jsonb_to_recordset(%(risks)s::jsonb) as n(parcel_id bigint, chance float8, due_at timestamptz,
    because text)),
kept as (
  insert into tracking_risk (parcel_id, chance, due_at, because, foreseen_at)
  select parcel_id, chance, due_at, because, %(at)s from given order by parcel_id
  on conflict (parcel_id) do update set chance = excluded.chance, due_at = excluded.due_at,
    because = excluded.because
    where (tracking_risk.chance, tracking_risk.due_at, tracking_risk.because)
      is distinct from (excluded.chance, excluded.due_at, excluded.because)
  returning parcel_id, chance, because, xmax = 0 as is_new)
select k.parcel_id, p.order_id, k.chance, k.because from kept k join warehouse_parcel p on p.id = k.parcel_id
where k.is_new order by p.order_id, k.parcel_id
"""


class Foreseen(NamedTuple):
    """Parcels that are listed as at risk; of those, new ones; claims proposed for lost ones."""

    at_risk: int
    new: int
    lost: int


@transaction.atomic
def foresee(*, at: datetime, by: str) -> Foreseen:
    """Forecast every open promise from its lane, in a constant number of statements. A parcel is told of
    once; one that does better again leaves the list."""
    sql.run(LOCK)
    threshold = float(setting(THRESHOLD) or AT_RISK)
    risks = list(_risks(at, threshold))
    told = sql.rows(risks)
    sql.run(FORGET, (told,))
    new = sql.run(KEEP, {"risks": told, "at": at}) if risks else []
    emit(
        LateForeseen(
            subject=f"order:SO-{order_id}",
            at=at,
            actor=by,
            order_id=order_id,
            parcel_id=parcel_id,
            chance=chance,
            because=because,
        )
        for parcel_id, order_id, chance, because in new
    )
    return Foreseen(len(risks), len(new), _claimed(at, by))


def _risks(at: datetime, threshold: float) -> Iterator[dict[str, object]]:
    lanes = under_way.learned()
    for one in under_way.with_open_promise(at=at):
        seen = lanes.get((one.location_id, one.country, one.region)) or lanes.get(
            (one.location_id, one.country, "")
        )
        if seen is None:
            continue  # too few parcels went there to say anything
        found = _outlook(seen, one, at)
        if found.chance < threshold:
            yield from (_row(parcel_id, one, found) for parcel_id in one.parcels)


def _outlook(seen: Transit, one: Together, at: datetime) -> Outlook:
    zone = ZoneInfo(last_zone(one.country))
    ends_on = (one.due_at - timedelta(microseconds=1)).astimezone(zone).date()
    promised_on = one.promised_on or ends_on
    closed = holidays_between(one.country, one.region, one.left_on, promised_on)
    today = at.astimezone(zone).date()
    return outlook(seen, left_on=one.left_on, promised_on=promised_on, today=today, closed=closed)


def _row(parcel_id: int, one: Together, found: Outlook) -> dict[str, object]:
    return {
        "parcel_id": parcel_id,
        "chance": round(found.chance, 4),
        "due_at": one.due_at,
        "because": found.because,
    }


def _claimed(at: datetime, by: str) -> int:
    """Propose a claim for what nobody has heard of for too long; take those back that came after all."""
    for claim_id in under_way.found_again(by):
        move_claim(f"CL-{claim_id}", Turn.DROP, because="It was delivered.", at=at, by=by)
    days = int(setting(LOST_AFTER) or LOST_DAYS)
    found = under_way.silent(since=at - LOOKED_BACK, until=at - timedelta(days=days), limit=LOST_MAX)
    lost = [
        Lost(parcel_id, f"No sign of life for {(at - heard_at).days} days, since {heard_at:%-d %B %Y}.")
        for parcel_id, heard_at in found
    ]
    return claim_lost(lost, at=at, by=by)
