"""SKUs by what moved and what lies: at today's cost.

What lay at some moment is what lies now without all that was moved since, so that only the movements of the
period and of the days behind it are read, and not the history of the house.
"""

import itertools

from quartermaster.insight.queries.facts.fact import Fact

_UNITS = "m.quantity * ((m.target_id > 0)::int - (m.source_id > 0)::int)"
_AGES = (30, 60, 90, 180, 365)
_FRESH = ", ".join(
    f"sum(m.quantity) filter (where m.at > %(until)s::timestamptz - interval '{days} days') as fresh_{days}"
    for days in _AGES
)

# A closing balance is counted for each day that has begun: units that came on the d-th of n days are missing
# at the end of d - 1 of them; those that came behind the period, or that nobody knew of, on all n.
FAMILY = f"""
lies as (
  select b.sku_id, sum(b.quantity) as units from stock_balance b join these on these.id = b.sku_id
  where b.place_id > 0 group by b.sku_id),
moved as (
  select m.sku_id,
    sum({_UNITS}) filter (where m.at >= %(until)s or not ({{moved}})) as since,
    sum({_UNITS} * case when m.at >= %(until)s or not ({{moved}}) then %(days)s::int
      when m.at >= %(begin)s then width_bucket(m.at, %(starts)s::timestamptz[]) - 1 else 0 end) as missing,
    sum(m.quantity * ((m.target_id = -2)::int - (m.source_id = -2)::int))
      filter (where m.at >= %(begin)s and m.at < %(until)s and {{moved}}) as sold
  from stock_movement m join these on these.id = m.sku_id
  where m.at >= least(%(begin)s::timestamptz, %(until)s::timestamptz) or not ({{moved}})
  group by m.sku_id),
came as (
  select m.sku_id, {_FRESH}
  from stock_movement m join these on these.id = m.sku_id
  where m.source_id < 0 and m.target_id > 0 and m.at < %(until)s and {{moved}}
    and m.at > %(until)s::timestamptz - interval '{max(_AGES)} days'
  group by m.sku_id),
facts as materialized (
  select s.id, s.code, s.cost_minor, s.currency, coalesce(moved.sold, 0) as sold,
    coalesce(lies.units, 0) - coalesce(moved.since, 0) as units,
    coalesce(lies.units, 0) - coalesce(moved.missing, 0)::numeric / %(days)s::int as mean_units,
    {", ".join(f"coalesce(came.fresh_{days}, 0) as fresh_{days}" for days in _AGES)}
  from these join catalog_sku s on s.id = these.id
  left join lies on lies.sku_id = s.id
  left join moved on moved.sku_id = s.id
  left join came on came.sku_id = s.id
  where lies.units is not null or moved.sku_id is not null)
"""  # noqa: S608 - constants only
_COHORT = "select s.id from catalog_sku s"
_SELECT = """
select f.id, 'sku:' || f.code as subject, null::timestamptz as at, 1 as day, '' as due,
  f.currency as part, """
_MOVED = "(f.mean_units <> 0 or f.sold <> 0)"

FACTS = {
    "turnover": Fact(
        "stock",
        _COHORT,
        f"""{_SELECT} f.mean_units * f.cost_minor as weight,
  f.sold * f.cost_minor * 365::numeric / %(days)s::int as value, f.sold <> 0 as is_hit
from facts f where f.cost_minor is not null and {_MOVED}
""",
    ),
    "ageing": Fact(
        "stock",
        _COHORT,
        f"""{_SELECT} f.units * f.cost_minor as weight,
  greatest(0, f.units - f.fresh_90) * f.cost_minor as value, f.units > f.fresh_90 as is_hit
from facts f where f.cost_minor is not null and f.units > 0
""",
    ),
}

# Value by days since it came, youngest first; and how many SKUs are left out of turnover and of ageing.
BUCKETS = ("0–30", "31–60", "61–90", "91–180", "181–365", "over 365")
_OLDER = ("f.units", *(f"greatest(0, f.units - f.fresh_{days})" for days in _AGES), "0")
AGES = f"""
with these as materialized ({_COHORT}), {FAMILY}
select f.currency, count(*) filter (where f.cost_minor is null and {_MOVED}),
  count(*) filter (where f.cost_minor is null and f.units > 0),
  {
    ", ".join(
        f"coalesce(sum(({older} - {old}) * f.cost_minor) filter (where f.units > 0), 0)::bigint"
        for older, old in itertools.pairwise(_OLDER)
    )
}, count(*) filter (where f.cost_minor is not null and f.units > 0)
from facts f group by f.currency order by f.currency
"""  # noqa: S608 - constants only
