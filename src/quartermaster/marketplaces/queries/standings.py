"""How every measure stands, and what its window will be on the coming days."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.marketplaces.queries.shops import Shop, tallies
from quartermaster.marketplaces.queries.terms import terms_of
from quartermaster.marketplaces.rules.rolling import Rolled, forecast
from quartermaster.marketplaces.rules.terms import Measure, Terms, in_force

STANDINGS = """
select row_to_json(x)::text from (
  select s.id, c.slug, c.kind, s.country, s.measure, s.window_days, s.day_on, s.first_on, s.last_on, s.n,
    s.bad, s.unsure, s.state, s.headroom, s.needs_good, s.good_on, s.terms, s.told, s.since, s.computed_at
  from marketplaces_standing s join inbox_connection c on c.id = s.connection_id
  where s.is_newest and (%(slug)s = '' or c.slug = %(slug)s)
    and (%(measure)s = '' or s.measure = %(measure)s)
    and (%(country)s::text is null or s.country = %(country)s)
  order by c.slug, s.country, array_position(array['odr', 'lsr', 'cr', 'vtr', 'otdr', 'rtd'], s.measure),
    s.window_days) x
"""
PAST = """
select day_on, n, bad, state, terms::text from marketplaces_standing
where connection_id = %(connection)s and measure = %(measure)s and country = %(country)s
  and window_days = %(days)s and day_on >= %(from)s order by day_on
"""
PAST_DAYS = 90


class StandingShown(msgspec.Struct, frozen=True):
    """A window of a measure today. bad of n rows are defects, whatever way it is shown; unsure: rows of which
    nobody knows. headroom: how many more may go wrong; needs_good: how many must go right for it to be good
    again. good_on: when it is good again by itself. state: none, few, green, amber, red."""

    id: int
    slug: str
    kind: str
    country: str
    measure: Measure
    window_days: int
    day_on: date
    first_on: date
    last_on: date
    n: int
    bad: int
    unsure: int
    state: str
    headroom: int | None
    needs_good: int
    good_on: date | None
    terms: Terms
    told: str
    since: datetime
    computed_at: datetime


class Past(msgspec.Struct, frozen=True):
    """How it stood on a day, with the terms of that day."""

    day_on: date
    n: int
    bad: int
    state: str
    terms: Terms


def standings(slug: str = "", measure: str = "", country: str | None = None) -> list[StandingShown]:
    asked = {"slug": slug, "measure": measure, "country": country}
    return [msgspec.json.decode(row, type=StandingShown) for (row,) in sql.run(STANDINGS, asked)]


def standing_of(slug: str, measure: str, country: str, days: int | None = None) -> StandingShown:
    """That of the longest window, unless another is asked for. Raises NotFound."""
    found = [one for one in standings(slug, measure, country) if days in (None, one.window_days)]
    if not found:
        raise NotFound(what="measure", which=f"{measure} {country} of {slug}")
    return found[-1]


def past(shop: Shop, stands: StandingShown) -> list[Past]:
    asked = {
        "connection": shop.id,
        "measure": stands.measure,
        "country": stands.country,
        "days": stands.window_days,
        "from": stands.day_on - timedelta(days=PAST_DAYS),
    }
    return [
        Past(day, n, bad, state, msgspec.json.decode(terms, type=Terms))
        for day, n, bad, state, terms in sql.run(PAST, asked)
    ]


def rolling(shop: Shop, stands: StandingShown) -> Sequence[Rolled]:
    """The next two weeks of a window if nothing else goes wrong, under the terms of today."""
    of = tallies(shop.id, stands.first_on).get((stands.measure, stands.country), {})
    force = in_force(terms_of(shop.kind), stands.measure, stands.country, stands.day_on)
    return forecast(of, stands.day_on, stands.window_days, force.terms) if force else []
