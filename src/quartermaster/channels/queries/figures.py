"""What the numbers of listings are made of, now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.allocation.queries.ruleset import rules_in_force
from quartermaster.channels.queries.shelf import young
from quartermaster.channels.rules import Policy, Published, Site, published, serving
from quartermaster.core import sql
from quartermaster.stock.queries.free import free

SITES = "select code, kind, is_active from stock_location order by code"
LISTINGS = """
select x.id, c.slug, x.sku_id, s.is_kit, s.is_active, x.buffer, x.cap, x.share_percent, x.least, x.wanted
from channels_listing x join catalog_sku s on s.id = x.sku_id join inbox_connection c on c.id = x.shop_id
where x.id = any(%s) order by x.id
"""


class Figure(NamedTuple):
    """A mapped listing: what the formula says today, and what was wanted of it so far."""

    id: int
    published: Published
    wanted: int | None


def serving_sites(slugs: Iterable[str]) -> dict[str, frozenset[str]]:
    """Shop -> codes of the sites that serve it, by the rules in force."""
    rules = rules_in_force().rules
    sites = [Site(*row) for row in sql.run(SITES)]
    return {slug: serving(rules, slug, sites) for slug in set(slugs)}


def figures(listing_ids: Sequence[int], at: datetime) -> list[Figure]:
    """Constant number of statements. Listings that are not mapped are left out. at: whose day it is that lots
    must be good for, where a shop asks for days."""
    rows = sql.run(LISTINGS, (list(listing_ids),))
    if not rows:
        return []
    units, sites = free(row[2] for row in rows), serving_sites(row[1] for row in rows)
    good = young({row[2] for row in rows}, at)
    return [
        Figure(
            id_,
            published(
                units.get(sku_id, {}),
                sites[slug],
                Policy(*policy),
                is_sold=is_active,
                is_kit=is_kit,
                young=good.get((slug, sku_id)),
            ),
            wanted,
        )
        for id_, slug, sku_id, is_kit, is_active, *policy, wanted in rows
    ]
