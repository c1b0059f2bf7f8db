"""Finding things by any exact name they have. Every way in uses an index."""

import re
from typing import NamedTuple

from quartermaster.console.navigation import Entry, entries
from quartermaster.core import sql
from quartermaster.core.texts import literal

_NUMBER = re.compile(r"(?:SO-?)?([1-9][0-9]{0,17})", re.IGNORECASE)
_PARCEL = re.compile(r"P-?([1-9][0-9]{0,17})", re.IGNORECASE)

ORDERS = """
select o.id, o.external_name, c.slug, o.status
from orders_order o join inbox_connection c on c.id = o.connection_id
where o.id = %(id)s
   or (o.connection_id = any(array(select id from inbox_connection)) and o.external_id = %(asked)s)
   or o.id = any(array(select order_id from warehouse_parcel
                       where tracking_number = %(asked)s and tracking_number <> '' limit 8))
   or o.id = (select order_id from warehouse_parcel where id = %(parcel)s)
order by (o.id = %(id)s) desc, o.id desc limit 8
"""
OF_CUSTOMER = """
select o.id, o.external_name, c.slug, o.status
from customers_customer u
join orders_order o on o.customer_id = coalesce(u.merged_into_id, u.id)
join inbox_connection c on c.id = o.connection_id
where u.merge_key = %(key)s
order by o.id desc limit 8
"""
SKUS = """
select code, title from catalog_sku
where code like %(prefix)s or code like %(upper)s
   or id = any(array(select sku_id from catalog_barcode where code = %(asked)s))
order by length(code), code limit 8
"""


class OrderFound(NamedTuple):
    id: int
    external_name: str
    connection: str
    status: str

    @property
    def number(self) -> str:
        return f"SO-{self.id}"


class SkuFound(NamedTuple):
    code: str
    title: str


class Found(NamedTuple):
    """pages: those whose title begins as asked."""

    orders: list[OrderFound]
    skus: list[SkuFound]
    pages: list[Entry]


def find(asked: str) -> Found:
    """Orders by our number (SO-1042, 1042), the channel's id, a parcel (P-17), a tracking number or the
    buyer's e-mail; SKUs by a code's beginning or a barcode; pages by the beginning of their title."""
    pages = [entry for entry in entries() if entry.title.lower().startswith(asked.lower())]
    if "@" in asked:
        found = sql.run(OF_CUSTOMER, {"key": f"email:{asked.lower()}"})
        return Found([OrderFound(*row) for row in found], [], pages)
    number, parcel = _NUMBER.fullmatch(asked), _PARCEL.fullmatch(asked)
    prefix = literal(asked) + "%"
    wanted = {
        "asked": asked,
        "id": int(number[1]) if number else 0,
        "parcel": int(parcel[1]) if parcel else 0,
        "prefix": prefix,
        "upper": prefix.upper(),
    }
    return Found(
        [OrderFound(*row) for row in sql.run(ORDERS, wanted)],
        [SkuFound(*row) for row in sql.run(SKUS, wanted)],
        pages,
    )
