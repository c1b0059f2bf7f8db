"""Count every measure anew from the rows, and keep how each window stands."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.marketplaces.actions.keep_standings import keep_standings
from quartermaster.marketplaces.queries.facts import Days, countries, days
from quartermaster.marketplaces.queries.shops import Shop, shops
from quartermaster.marketplaces.queries.terms import terms_of
from quartermaster.marketplaces.rules.judging import JUDGES
from quartermaster.marketplaces.rules.rolling import today
from quartermaster.marketplaces.rules.terms import Measure, Terms, Written, in_force

LOCK: Final = "select pg_advisory_xact_lock(hashtextextended('marketplaces.count', %s))"
# What is the same stays as it is: an hour changes little. What no window reaches any more is forgotten.
FORGET_DAYS: Final = """
delete from marketplaces_day d where d.connection_id = %(connection)s and d.measure = %(measure)s
  and not exists (select from jsonb_to_recordset(%(rows)s::jsonb) as t(country text, day_on date)
    where t.country = d.country and t.day_on = d.day_on)
"""
KEEP_DAYS: Final = """
insert into marketplaces_day as d (connection_id, measure, country, day_on, n, bad, unsure)
select %(connection)s, %(measure)s, country, day_on, n, bad, unsure
from jsonb_to_recordset(%(rows)s::jsonb)
  as t(country text, day_on date, n bigint, bad bigint, unsure bigint)
on conflict (connection_id, measure, country, day_on) do update
  set n = excluded.n, bad = excluded.bad, unsure = excluded.unsure
  where (d.n, d.bad, d.unsure) is distinct from (excluded.n, excluded.bad, excluded.unsure)
"""
FORGET_COUNTED: Final = """
delete from marketplaces_counted c where c.connection_id = %(connection)s and c.measure = %(measure)s
  and not exists (select from jsonb_to_recordset(%(rows)s::jsonb) as t(order_id bigint, reference text)
    where t.order_id = c.order_id and t.reference = c.reference)
"""
KEEP_COUNTED: Final = """
insert into marketplaces_counted as c (connection_id, measure, country, day_on, order_id, reference, weight,
  is_defect, because)
select %(connection)s, %(measure)s, country, day_on, order_id, reference, weight, is_defect, because
from jsonb_to_recordset(%(rows)s::jsonb) as t(country text, day_on date, order_id bigint, reference text,
  weight bigint, is_defect boolean, because text)
on conflict (order_id, measure, reference) do update
  set country = excluded.country, day_on = excluded.day_on, weight = excluded.weight,
    is_defect = excluded.is_defect, because = excluded.because
  where (c.country, c.day_on, c.weight, c.is_defect, c.because)
    is distinct from (excluded.country, excluded.day_on, excluded.weight, excluded.is_defect,
      excluded.because)
"""
_DAY = timedelta(days=1)  # a day of the marketplace may be another than ours


def count(slug: str = "", *, at: datetime) -> None:
    """All marketplaces, or one. Each is a transaction of its own; two counts of one wait for each other."""
    for shop in shops(slug):
        written = terms_of(shop.kind)
        with transaction.atomic():
            sql.run(LOCK, (shop.id,))
            sells_in = countries(shop.id, first_country=shop.first_country, at=at)
            for measure in Measure:
                _keep(shop, measure, _judged(shop, measure, sells_in, written, at))
            keep_standings(shop, written, at=at)


type Rows = tuple[list[dict[str, object]], list[dict[str, object]]]


def _judged(
    shop: Shop, measure: Measure, sells_in: Sequence[str], written: Sequence[Written], at: datetime
) -> Rows:
    """Days and counted rows of all countries; those held to the same terms share a statement."""
    alike: dict[Terms, set[str]] = defaultdict(set)
    for country in sells_in:
        force = in_force(written, measure, country, today(country, at))
        if force is not None:
            alike[force.terms].add(country)
    tallies: list[dict[str, object]] = []
    counted: list[dict[str, object]] = []
    for terms, of in alike.items():
        found = days(
            measure,
            terms,
            connection_id=shop.id,
            first_country=shop.first_country,
            from_on=at.date() - timedelta(days=terms.reach_days) - _DAY,
            to_on=at.date() + _DAY,
            at=at,
        )
        for day in found:
            if day.country in of:
                tallies.append(_day(day, measure, terms, at, counted))
    return tallies, counted


def _day(
    day: Days, measure: Measure, terms: Terms, at: datetime, counted: list[dict[str, object]]
) -> dict[str, object]:
    judge, bad, unsure = JUDGES[measure], 0, 0
    for one in day.found:
        judged = judge(one, terms, at)
        if judged.is_defect is False:
            continue
        bad += one.weight if judged.is_defect else 0
        unsure += 0 if judged.is_defect else one.weight
        counted.append(
            {
                "country": day.country,
                "day_on": day.on,
                "order_id": one.order,
                "reference": one.reference,
                "weight": one.weight,
                "is_defect": bool(judged.is_defect),
                "because": judged.because,
            }
        )
    return {"country": day.country, "day_on": day.on, "n": day.n, "bad": bad, "unsure": unsure}


def _keep(shop: Shop, measure: Measure, rows: Rows) -> None:
    named = {"connection": shop.id, "measure": str(measure)}
    tallies, counted = (sql.rows(each) for each in rows)
    sql.run(FORGET_DAYS, {**named, "rows": tallies})
    sql.run(KEEP_DAYS, {**named, "rows": tallies})
    sql.run(FORGET_COUNTED, {**named, "rows": counted})
    sql.run(KEEP_COUNTED, {**named, "rows": counted})
