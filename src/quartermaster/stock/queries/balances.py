"""What lies at a place."""

from datetime import date

from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page


class Held(Struct, frozen=True):
    """Units of a SKU at one place, in one state, of one lot. lot and serial are "" where none is kept."""

    sku: str
    place: str
    state: str
    lot: str
    serial: str
    expires_on: date | None
    quantity: int


BELOW = """
select s.code, p.code, b.state, b.lot, b.serial, l.expires_on, b.quantity
from stock_place p
join stock_balance b on b.place_id = p.id
join catalog_sku s on s.id = b.sku_id
left join stock_lot l on l.sku_id = b.sku_id and l.code = b.lot
where (p.code = %(place)s or starts_with(p.code, %(place)s || '/')) and b.quantity <> 0
order by p.code, s.code, b.state, b.lot, b.serial
limit %(limit)s offset %(offset)s
"""


def balances(place: str, *, page: int = 1, limit: int = LIMIT) -> Page[Held]:
    """What lies at a site, zone or bin, everything within it included; pages are numbered from 1."""
    wanted = {"place": place, "limit": limit + 1, "offset": (page - 1) * limit}
    found = [Held(*row) for row in sql.run(BELOW, wanted)]
    return Page(found[:limit], str(page + 1) if len(found) > limit else None)
