"""SKUs by what moved and what lies: read from the ledger alone, at today's cost."""

_UNITS = "m.quantity * ((m.target_id > 0)::int - (m.source_id > 0)::int)"

# A closing balance is counted for each day that has begun: units that came on the d-th of n days are there at
# the end of n - d + 1 of them.
_TURNOVER = f"""
with moved as (
  select m.sku_id,
    sum({_UNITS} * case when m.at < %(begin)s then 1 else
      (%(days)s::int - width_bucket(m.at, %(starts)s::timestamptz[]) + 1)::numeric / %(days)s::int end)
      as units,
    coalesce(sum(m.quantity * ((m.target_id = -2)::int - (m.source_id = -2)::int))
      filter (where m.at >= %(begin)s), 0) as sold
  from stock_movement m where m.at < %(until)s and {{moved}}
  group by m.sku_id having bool_or(m.source_id < 0 or m.target_id < 0))
select s.id, 'sku:' || s.code as subject, null::timestamptz as at, 1 as day, '' as due,
  units * s.cost_minor as weight, sold * s.cost_minor * 365::numeric / %(days)s::int as value,
  sold <> 0 as is_hit, s.currency as part, s.cost_minor
from moved join catalog_sku s on s.id = moved.sku_id
where units <> 0 or sold <> 0
"""  # noqa: S608 - constants only

_LYING = f"""
with lying as (
  select m.sku_id, sum({_UNITS}) as units,
    {
    ", ".join(
        f"coalesce(sum(m.quantity) filter (where m.source_id < 0 and m.target_id > 0 "
        f"and m.at > %(until)s::timestamptz - interval '{days} days'), 0) as fresh_{days}"
        for days in (30, 60, 90, 180, 365)
    )
}
  from stock_movement m where m.at < %(until)s and {{moved}} group by m.sku_id)
select s.id, s.code, s.cost_minor, s.currency, units, fresh_30, fresh_60, fresh_90, fresh_180, fresh_365
from lying join catalog_sku s on s.id = lying.sku_id where units > 0
"""  # noqa: S608 - constants only

_AGEING = f"""
select id, 'sku:' || code as subject, null::timestamptz as at, 1 as day, '' as due,
  units * cost_minor as weight, greatest(0, units - fresh_90) * cost_minor as value,
  units > fresh_90 as is_hit, currency as part, cost_minor
from ({_LYING}) l
"""  # noqa: S608 - constants only

FACTS = {
    "turnover": f"select * from ({_TURNOVER}) t where cost_minor is not null",  # noqa: S608
    "ageing": f"select * from ({_AGEING}) t where cost_minor is not null",  # noqa: S608
}
WITHOUT_COST = {
    "turnover": f"select count(*) from ({_TURNOVER}) t where cost_minor is null",  # noqa: S608
    "ageing": f"select count(*) from ({_AGEING}) t where cost_minor is null",  # noqa: S608
}
# Value by days since it came, per currency: youngest first.
BUCKETS = ("0–30", "31–60", "61–90", "91–180", "181–365", "over 365")
AGES = f"""
select currency, sum((units - greatest(0, units - fresh_30)) * cost_minor)::bigint,
  sum((greatest(0, units - fresh_30) - greatest(0, units - fresh_60)) * cost_minor)::bigint,
  sum((greatest(0, units - fresh_60) - greatest(0, units - fresh_90)) * cost_minor)::bigint,
  sum((greatest(0, units - fresh_90) - greatest(0, units - fresh_180)) * cost_minor)::bigint,
  sum((greatest(0, units - fresh_180) - greatest(0, units - fresh_365)) * cost_minor)::bigint,
  sum(greatest(0, units - fresh_365) * cost_minor)::bigint
from ({_LYING}) l where cost_minor is not null group by currency order by currency
"""  # noqa: S608 - constants only
