"""Keep what a marketplace says itself of our measures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import OfficialTold
from quartermaster.marketplaces.queries.shops import Shop
from quartermaster.marketplaces.rules.official import Told, wrong_with

# The same again is no news; what is corrected stands beside what was said before.
WRITE: Final = """
insert into marketplaces_official (connection_id, measure, country, first_on, last_on, n, bad, source, actor,
  recorded_at)
select %(connection)s, measure, country, first_on, last_on, n, bad, %(source)s, %(by)s, %(at)s
from jsonb_to_recordset(%(rows)s::jsonb) as t(i int, measure text, country text, first_on date, last_on date,
  n bigint, bad bigint)
where not exists (
  select from (select o.n, o.bad from marketplaces_official o
    where o.connection_id = %(connection)s and o.measure = t.measure and o.country = t.country
      and o.first_on = t.first_on and o.last_on = t.last_on order by o.id desc limit 1) known
  where (known.n, known.bad) = (t.n, t.bad))
order by i
returning measure, country, first_on, last_on
"""
_DAY: Final = timedelta(days=1)
LOCK: Final = "select pg_advisory_xact_lock(hashtextextended('marketplaces.official', %s))"


def tell_official(shop: Shop, told: Sequence[Told], *, source: str, at: datetime, by: str) -> int:
    """source: report, person, program or file. Answers how many were news. Raises Invalid."""
    for one in told:
        errors = wrong_with(one)
        if one.last_on > at.date() + _DAY:  # somewhere it is tomorrow already
            errors["day"] = "not in the future"
        if errors:
            raise Invalid(what=f"The official {one.measure}", errors=errors)
    by_key = {(str(one.measure), one.country, one.first_on, one.last_on): one for one in told}
    rows = [
        {
            "i": i,
            "measure": one.measure,
            "country": one.country,
            "first_on": one.first_on,
            "last_on": one.last_on,
            "n": one.denominator,
            "bad": one.bad,
        }
        for i, one in enumerate(by_key.values())
    ]
    with transaction.atomic():
        sql.run(LOCK, (shop.id,))
        asked = {"connection": shop.id, "rows": sql.rows(rows), "source": source, "by": by, "at": at}
        news = [by_key[key] for key in sql.run(WRITE, asked)]
        emit(
            OfficialTold(
                subject=f"connection:{shop.slug}",
                at=at,
                actor=by,
                source=source,
                connection=shop.slug,
                country=one.country,
                measure=one.measure,
                first_on=one.first_on,
                last_on=one.last_on,
                numerator=one.numerator,
                denominator=one.denominator,
            )
            for one in news
        )
    return len(news)
