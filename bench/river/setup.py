"""The shop before its first order: SKUs, three sites with lanes, plenty of stock, a connection."""

from datetime import UTC, datetime

from django.db import transaction

from bench.river import shop
from quartermaster.allocation.actions.write_rules import Lane, set_lanes
from quartermaster.core import sql
from quartermaster.inbox.actions import connect
from quartermaster.stock.actions import Move, post

UNITS = 1_000_000  # of each SKU at each site: nothing runs out
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_BY = "bench"
_SETTINGS = {"shop": "bench.myshopify.example", "webhook_secret": shop.SECRET.decode()}
_SKUS = """
insert into catalog_sku (code, title, weight_g)
select code, title, 600 from jsonb_to_recordset(%s::jsonb) as s(n int, code text, title text) order by n
returning id
"""
_SITES = """
insert into stock_location (code, name, country, timezone)
select code, code, country, timezone
from jsonb_to_recordset(%s::jsonb) as l(code text, country text, timezone text)
"""
_PLACES = "insert into stock_place (code, location_id, kind) select code, id, 'site' from stock_location"


def furnish(skus: int) -> int:
    """Make the shop with SKUs 1 to `skus`; returns the id of its connection. Needs an empty database."""
    homes = (("DE", "Europe/Berlin"), ("FR", "Europe/Paris"), ("PL", "Europe/Warsaw"))
    connection = connect("shopify", shop.SLUG, _SETTINGS, at=_AT, by=_BY)
    with transaction.atomic():
        numbers = range(1, skus + 1)
        ids = sql.run(
            _SKUS,
            (sql.rows({"n": n, "code": shop.sku_code(n), "title": shop.sku_title(n)} for n in numbers),),
        )
        assert [row[0] for row in ids] == list(numbers), "SKU numbers are their ids: prefilling counts on it"
        sites = [
            {"code": code, "country": country, "timezone": zone}
            for code, (country, zone) in zip(shop.SITES, homes, strict=True)
        ]
        sql.run(_SITES, (sql.rows(sites),))
        sql.run(_PLACES)
    for n, (site, (country, _)) in enumerate(zip(shop.SITES, homes, strict=True)):
        lanes = (
            Lane(country, 420, "EUR", 1),
            *(Lane(other, 790 + 10 * n, "EUR", 3) for other, _ in shop.COUNTRIES if other != country),
            Lane("", 1_590, "EUR", 6),
        )
        set_lanes(site, lanes, at=_AT, by=_BY)
    for site in shop.SITES:
        for first in range(1, skus + 1, 2_500):
            moves = [
                Move(f"opening:{site}:{n}", n, UNITS, "world:supplier", site, "opening stock")
                for n in range(first, min(first + 2_500, skus + 1))
            ]
            post(moves, by=_BY, at=_AT)
    return int(connection.pk)
