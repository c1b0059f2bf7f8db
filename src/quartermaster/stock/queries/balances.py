"""What lies at a place."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, BadCursor, Page
from quartermaster.core.texts import storable

type Key = tuple[str, str, str, str, str]  # place, sku, state, lot, serial


class Held(msgspec.Struct, frozen=True):
    """Units of a SKU at one place, in one state, of one lot. lot and serial are "" where none is kept."""

    place: str
    sku: str
    state: str
    lot: str
    serial: str
    quantity: int
    expires_on: date | None

    @property
    def cursor(self) -> str:
        key = (self.place, self.sku, self.state, self.lot, self.serial)
        return urlsafe_b64encode(msgspec.json.encode(key)).decode()


PAGE = """
select p.code, s.code, b.state, b.lot, b.serial, b.quantity, l.expires_on
from stock_place p
join stock_balance b on b.place_id = p.id and b.quantity <> 0
join catalog_sku s on s.id = b.sku_id
left join stock_lot l on l.sku_id = b.sku_id and l.code = b.lot
where (p.code = %(place)s or starts_with(p.code, %(place)s || '/'))
  and (p.code, s.code, b.state, b.lot, b.serial) > (%(a)s, %(b)s, %(c)s, %(d)s, %(e)s)
order by p.code, s.code, b.state, b.lot, b.serial
limit %(limit)s
"""


def balances(place: str, *, after: str = "", limit: int = LIMIT) -> Page[Held]:
    """A page of what lies at a site, zone or bin, everything within it included. Raises BadCursor."""
    last = dict(zip("abcde", _key(after), strict=True))
    found = [Held(*row) for row in sql.run(PAGE, {"place": place, "limit": limit + 1, **last})]
    return Page(found[:limit], found[limit - 1].cursor if len(found) > limit else None)


def _key(cursor: str) -> Key:
    if not cursor:
        return ("", "", "", "", "")
    try:
        place, sku, state, lot, serial = msgspec.json.decode(urlsafe_b64decode(cursor), type=list[str])
    except (ValueError, msgspec.DecodeError):
        raise BadCursor(cursor=repr(cursor[:40])) from None
    return storable(place), storable(sku), storable(state), storable(lot), storable(serial)
