"""What must hold of what marketplaces keep. Rows are sentences."""

from collections.abc import Callable

from quartermaster.core import sql

ROWS_MAX = 100
DAYS = """
with c as (
  select connection_id, measure, country, day_on, sum(weight) filter (where is_defect) as bad,
    sum(weight) filter (where not is_defect) as unsure
  from marketplaces_counted group by 1, 2, 3, 4)
select i.slug, coalesce(d.measure, c.measure), coalesce(d.country, c.country), coalesce(d.day_on, c.day_on),
  coalesce(d.bad, 0), coalesce(c.bad, 0)::bigint, coalesce(d.unsure, 0), coalesce(c.unsure, 0)::bigint
from marketplaces_day d
full join c using (connection_id, measure, country, day_on)
join inbox_connection i on i.id = connection_id
where coalesce(d.bad, 0) <> coalesce(c.bad, 0) or coalesce(d.unsure, 0) <> coalesce(c.unsure, 0)
order by 1, 2, 3, 4 limit %s
"""
STANDINGS = """
select i.slug, s.measure, s.country, s.window_days, s.bad, s.n, t.bad, t.n
from marketplaces_standing s join inbox_connection i on i.id = s.connection_id,
lateral (select coalesce(sum(d.n), 0)::bigint as n, coalesce(sum(d.bad), 0)::bigint as bad
  from marketplaces_day d where d.connection_id = s.connection_id and d.measure = s.measure
    and d.country = s.country and d.day_on between s.first_on and s.last_on) t
where s.is_newest and (s.n, s.bad) is distinct from (t.n, t.bad) order by 1, 2, 3, 4 limit %s
"""


def days_without_their_orders() -> list[str]:
    return [
        f"{slug} {country}, {measure} of {day}: {bad} defects and {unsure} unsure, its orders make {has_bad} "
        f"and {has_unsure}"
        for slug, measure, country, day, bad, has_bad, unsure, has_unsure in sql.run(DAYS, (ROWS_MAX,))
    ]


def standings_without_their_days() -> list[str]:
    return [
        f"{slug} {country}, {measure} over {window} days: {bad} of {n}, its days make {has_bad} of {has_n}"
        for slug, measure, country, window, bad, n, has_bad, has_n in sql.run(STANDINGS, (ROWS_MAX,))
    ]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("marketplaces.days", "Each defect a day counts is an order in its list.", days_without_their_orders),
    (
        "marketplaces.standings",
        "How a measure stands is what its days add up to.",
        standings_without_their_days,
    ),
)
