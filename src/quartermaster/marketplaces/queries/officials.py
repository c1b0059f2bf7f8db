"""What marketplaces say themselves, beside ours over the same days."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from quartermaster.core import sql
from quartermaster.marketplaces.queries.counted import contested
from quartermaster.marketplaces.queries.shops import Shop, tallies
from quartermaster.marketplaces.rules.official import explained
from quartermaster.marketplaces.rules.rolling import Tally, summed
from quartermaster.marketplaces.rules.terms import Measure

OFFICIALS = """
select row_to_json(x)::text from (
  select distinct on (last_on, first_on) id, measure, country, first_on, last_on, n, bad, source, actor,
    recorded_at
  from marketplaces_official
  where connection_id = %(connection)s and measure = %(measure)s and country = %(country)s
  order by last_on desc, first_on desc, id desc limit %(limit)s) x
"""
NEWEST = """
select distinct on (o.connection_id, o.measure, o.country, o.last_on - o.first_on)
  c.slug, o.measure, o.country, o.last_on - o.first_on + 1, o.n, o.bad, o.last_on
from marketplaces_official o join inbox_connection c on c.id = o.connection_id
where o.last_on >= %s
order by o.connection_id, o.measure, o.country, o.last_on - o.first_on, o.last_on desc, o.id desc
"""
MISSING = "select count(*) from channels_drift where shop_id = %s and kind = 'missing' and settled_at is null"
REACHED = """
select min(first_on) from marketplaces_standing
where connection_id = %(connection)s and measure = %(measure)s and country = %(country)s and is_newest
"""
SHOWN = 10
_SPARE = timedelta(days=1)  # counted beyond the longest window


class OfficialShown(msgspec.Struct, frozen=True):
    """bad of n are defects by the marketplace's own count, over its days. source: report, person or file."""

    id: int
    measure: Measure
    country: str
    first_on: date
    last_on: date
    n: int
    bad: int
    source: str
    actor: str
    recorded_at: datetime


class Compared(msgspec.Struct, frozen=True):
    """Theirs, ours over the same days (None: not counted any more), and why they differ."""

    theirs: OfficialShown
    ours_n: int | None
    ours_bad: int | None
    because: Sequence[str]


def compared(shop: Shop, measure: Measure, country: str, limit: int = SHOWN) -> list[Compared]:
    """The newest days first; a constant number of statements for each that is shown."""
    asked = {"connection": shop.id, "measure": measure, "country": country, "limit": limit}
    found = [msgspec.json.decode(row, type=OfficialShown) for (row,) in sql.run(OFFICIALS, asked)]
    if not found:
        return []
    ours = tallies(shop.id, min(one.first_on for one in found)).get((measure, country), {})
    ((missing,),) = sql.run(MISSING, (shop.id,))
    ((reached,),) = sql.run(REACHED, {name: asked[name] for name in ("connection", "measure", "country")})
    return [_compared(shop, one, ours, reached, missing) for one in found]


def _compared(
    shop: Shop, one: OfficialShown, ours: dict[date, Tally], reached: date | None, missing: int
) -> Compared:
    is_counted = reached is not None and reached - _SPARE <= one.first_on
    mine = summed(ours, one.first_on, one.last_on) if is_counted else None
    span = (shop.id, one.measure, one.country, one.first_on, one.last_on)
    why = explained(
        one.measure, mine, one.n, one.bad, missing=missing, contested=contested(*span)[0] if mine else 0
    )
    return Compared(one, mine.n if mine else None, mine.bad if mine else None, why)


def newest_officials(since: date) -> dict[tuple[str, str, str, int], tuple[int, int, date]]:
    """Shop, measure, country and length of the window -> n, bad and the last day: the newest of each."""
    return {
        (slug, measure, country, days): (n, bad, last)
        for slug, measure, country, days, n, bad, last in sql.run(NEWEST, (since,))
    }
