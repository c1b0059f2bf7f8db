"""Carriers that are offered nothing for the time being, and the carriers that were worked with."""

from datetime import datetime, timedelta

import msgspec

from quartermaster.core import sql
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules import Paused

LATELY = timedelta(days=90)


class PauseShown(msgspec.Struct, frozen=True):
    """A pause that lasts. ends_at: by itself; None: when somebody resumes the carrier."""

    carrier: str
    because: str
    moves_labels: bool
    began_at: datetime
    began_by: str
    ends_at: datetime | None


class CarrierShown(msgspec.Struct, frozen=True):
    """A carrier of the last days: labels bought, what they cost together (minor units of one currency), and
    the parcels in the house that have its label now. It has a row for each currency it charged in."""

    carrier: str
    currency: str
    labels: int
    cost_minor: int
    in_house: int


class Impact(msgspec.Struct, frozen=True):
    """What a pause has cost: labels bought of others that could have been the carrier's, how much dearer they
    were together (minor units), and how many of them come late that would not have."""

    currency: str
    labels: int
    dearer_minor: int
    late: int


PAUSES = """
select row_to_json(r)::text from (
  select carrier, because, moves_labels, began_at, began_by, ends_at from shipping_pause
  where ended_at is null
  order by carrier) r
"""
CARRIERS = """
with bought as (
  select carrier, currency, count(*) as labels, coalesce(sum(cost_minor), 0)::bigint as cost_minor
  from shipping_label where state = 'bought' and bought_at > %s group by 1, 2),
house as (
  select carrier, count(*) as parcels from warehouse_parcel where state = 'labelled' group by 1)
select row_to_json(r)::text from (
  select coalesce(b.carrier, h.carrier) as carrier, coalesce(b.currency, '') as currency,
    coalesce(b.labels, 0) as labels, coalesce(b.cost_minor, 0) as cost_minor,
    coalesce(h.parcels, 0) as in_house
  from bought b full join house h on h.carrier = b.carrier
  order by labels desc, carrier, currency) r
"""
IN_HOUSE = """
select p.id from warehouse_parcel p where p.state = 'labelled' and p.carrier = %s order by p.id
"""

# From the decisions made meanwhile: the chosen service beside the best one of the paused carrier.
IMPACT = """
with pause as (
  select carrier, because, began_at, coalesce(ended_at, %(at)s) as until_at from shipping_pause
  where carrier = %(carrier)s order by id desc limit 1),
choice as (
  select l.id, l.currency, c.value as each, p.carrier, 'is paused: ' || p.because as removed
  from pause p join shipping_label l on l.state = 'bought' and l.bought_at between p.began_at and p.until_at
  cross join lateral jsonb_array_elements(convert_from(l.decision, 'UTF8')::jsonb -> 'candidates') c
  where l.decision is not null),
label as (
  select id, currency,
    max((each ->> 'cost_minor')::bigint) filter (where (each ->> 'is_chosen')::bool) as cost,
    max((each ->> 'late_days')::int) filter (where (each ->> 'is_chosen')::bool) as late,
    min((each ->> 'cost_minor')::bigint) filter (where is_lost) as lost_cost,
    min((each ->> 'late_days')::int) filter (where is_lost) as lost_late
  from (select *, each ->> 'carrier' = carrier and each ->> 'removed' = removed as is_lost from choice) x
  group by id, currency)
select row_to_json(r)::text from (
  select coalesce(max(currency), '') as currency, count(*) as labels,
    coalesce(sum(greatest(0, cost - lost_cost)), 0)::bigint as dearer_minor,
    count(*) filter (where late > 0 and lost_late = 0) as late
  from label where lost_cost is not null) r
"""
KNOWN = """
select carrier from warehouse_parcel where state = 'labelled'
union select carrier from shipping_label where state = 'bought' and bought_at > %s
union select carrier from shipping_label where state in ('queued', 'unknown') and carrier <> ''
union select carrier from shipping_pause where ended_at is null
"""

_pause = msgspec.json.Decoder(PauseShown)
_carrier = msgspec.json.Decoder(CarrierShown)
_impact = msgspec.json.Decoder(Impact)


def pauses() -> tuple[PauseShown, ...]:
    return tuple(_pause.decode(found) for (found,) in sql.run(PAUSES))


def paused() -> tuple[Paused, ...]:
    """As a decision wants to know it."""
    return tuple(Paused(each.carrier, each.because) for each in pauses())


def impact(carrier: str, *, at: datetime) -> Impact:
    """Of the pause that lasts, or of the last one."""
    ((found,),) = sql.run(IMPACT, {"carrier": carrier, "at": at})
    return _impact.decode(found)


def carriers(*, at: datetime, days: int) -> list[CarrierShown]:
    """The carriers of the last days, the busiest first; then those that may be asked and were not taken."""
    found = [_carrier.decode(row) for (row,) in sql.run(CARRIERS, (at - timedelta(days=days),))]
    idle = carriers_known(at=at) - {each.carrier for each in found}
    return found + [CarrierShown(carrier, "", 0, 0, 0) for carrier in sorted(idle)]


def carriers_known(*, at: datetime) -> frozenset[str]:
    """Those of the rate tables and those that sold us a label lately, or are asked for one."""
    tabled = {each.code for each in tables_in_force().tables.carriers}
    return frozenset(tabled | {row[0] for row in sql.run(KNOWN, (at - LATELY,))})


def in_house(carrier: str) -> list[int]:
    """Parcels with a label of this carrier that it does not have yet, the oldest first."""
    return [row[0] for row in sql.run(IN_HOUSE, (carrier,))]
