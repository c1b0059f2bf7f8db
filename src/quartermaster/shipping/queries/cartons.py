"""How cartons do: what was suggested, what was weighed and billed, what broke."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from quartermaster.core import sql
from quartermaster.core.queries.reports import Report

LATELY: Final = timedelta(days=90)  # what the page tells of

# Weights are summed over parcels that became a carton of their plan and have both numbers; a carrier's bill
# may come in parts, the heaviest is what it charged for.
CARTONS = """
with parcel as materialized (
  select p.id, p.carton, p.weight_g, p.state, k.id is not null and k.plan is not null as is_planned, k.box,
    coalesce(k.taken_because, '') <> '' as is_other,
    (k.plan -> 'boxes' -> k.box::int ->> 'weight_g')::int as expected_g,
    (k.plan -> 'boxes' -> k.box::int ->> 'billable_g')::int as billable_g,
    (select max(c.billed_weight_g) from shipping_label l
     join shipping_charge c on c.tracking_number = l.tracking_number
     where l.parcel_id = p.id and l.state = 'bought') as billed_g,
    p.id in (select parcel_id from shipping_claim
             where kind = 'damaged' and state <> 'dropped' and parcel_id is not null) as is_damaged
  from warehouse_parcel p left join lateral (
    select * from warehouse_packing_plan k where k.parcel_id = p.id order by k.id desc limit 1) k on true
  where p.packed_at >= %(since)s and p.packed_at < %(until)s and p.external_id = '' and p.carton <> '')
select row_to_json(r)::text from (
  select carton, count(*) as parcels, count(*) filter (where is_planned) as planned, count(box) as followed,
    count(*) filter (where is_other) as others,
    count(*) filter (where expected_g > 0 and weight_g is not null) as weighed,
    coalesce(sum(expected_g) filter (where weight_g is not null), 0) as expected_g,
    coalesce(sum(weight_g) filter (where expected_g is not null), 0) as weighed_g,
    count(*) filter (where billable_g > 0 and billed_g is not null) as billed,
    coalesce(sum(billable_g) filter (where billed_g is not null), 0) as billable_g,
    coalesce(sum(billed_g) filter (where billable_g is not null), 0) as billed_g,
    count(*) filter (where state = 'handed_over') as left_us, count(*) filter (where is_damaged) as damaged
  from parcel group by carton order by count(*) desc, carton limit 200) r
"""


class CartonRow(msgspec.Struct, frozen=True):
    """Parcels packed in a carton. `planned`: with a suggestion; `followed`: became a carton of it, with the
    same units; `others`: took another one, with a reason.

    `expected_g` against `weighed_g` are sums over `weighed` parcels, `billable_g` against `billed_g` over
    `billed` ones. `damaged` of those that `left_us` have a claim for damage.
    """

    carton: str
    parcels: int
    planned: int
    followed: int
    others: int
    weighed: int
    expected_g: int
    weighed_g: int
    billed: int
    billable_g: int
    billed_g: int
    left_us: int
    damaged: int

    @property
    def weight_off(self) -> float | None:
        """Weighed against expected: 0.02 is two percent heavier. None: nothing to compare."""
        return self.weighed_g / self.expected_g - 1 if self.weighed else None

    @property
    def billable_off(self) -> float | None:
        """Billed against what was predicted to be charged for."""
        return self.billed_g / self.billable_g - 1 if self.billed else None

    @property
    def damage_rate(self) -> float | None:
        return self.damaged / self.left_us if self.left_us else None


_row = msgspec.json.Decoder(CartonRow)


def carton_report(*, since: datetime, until: datetime) -> list[CartonRow]:
    """By carton, of parcels closed from `since` up to `until`; the most used first."""
    return [_row.decode(text) for (text,) in sql.run(CARTONS, {"since": since, "until": until})]


CARTONS_LATELY: Final = Report(
    "shipping.cartons", "", list[CartonRow], lambda at: carton_report(since=at - LATELY, until=at)
)
