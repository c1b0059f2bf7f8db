"""The shops that are marketplaces with terms, and the countries they sell in."""

from collections.abc import Mapping
from datetime import date

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.marketplaces.rules.published import KINDS
from quartermaster.marketplaces.rules.rolling import Tally
from quartermaster.marketplaces.rules.terms import Measure
from quartermaster.marketplaces.rules.zones import first_country

# A marketplace nobody published terms of becomes one when a person writes some.
SHOPS = """
select id, slug, kind, coalesce(settings ->> 'marketplaces', '') from inbox_connection
where (kind = any(%(kinds)s) or kind in (select marketplace from marketplaces_terms))
  and (%(slug)s = '' or slug = %(slug)s) order by slug
"""
TALLIES = """
select measure, country, day_on, n, bad, unsure from marketplaces_day
where connection_id = %(connection)s and day_on >= %(from)s
"""


class Shop(msgspec.Struct, frozen=True):
    """first_country: of orders that do not name theirs."""

    id: int
    slug: str
    kind: str
    first_country: str


def shops(slug: str = "") -> list[Shop]:
    found = sql.run(SHOPS, {"kinds": list(KINDS), "slug": slug})
    return [Shop(id_, name, kind, first_country(kind, setting)) for id_, name, kind, setting in found]


def shop(slug: str) -> Shop:
    """Raises NotFound."""
    found = shops(slug)
    if not slug or not found:
        raise NotFound(what="marketplace", which=slug)
    return found[0]


def tallies(connection_id: int, from_on: date) -> Mapping[tuple[Measure, str], dict[date, Tally]]:
    """Measure and country -> day -> what was counted."""
    told: dict[tuple[Measure, str], dict[date, Tally]] = {}
    for measure, country, day, n, bad, unsure in sql.run(
        TALLIES, {"connection": connection_id, "from": from_on}
    ):
        told.setdefault((Measure(measure), country), {})[day] = Tally(n, bad, unsure)
    return told
