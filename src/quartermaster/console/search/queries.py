"""Finding an order or a SKU by any exact name it has. Every way in uses an index."""

import re
from typing import NamedTuple

from quartermaster.core import sql

_NUMBER = re.compile(r"(?:SO-?)?([1-9][0-9]{0,17})", re.IGNORECASE)

ORDERS = """
select o.id, o.external_name, c.slug, o.status
from orders_order o join inbox_connection c on c.id = o.connection_id
where o.id = %(id)s
   or (o.connection_id = any(array(select id from inbox_connection)) and o.external_id = %(asked)s)
order by (o.id = %(id)s) desc, o.id desc limit 8
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
    orders: list[OrderFound]
    skus: list[SkuFound]


def find(asked: str) -> Found:
    """Orders by our number (SO-1042, 1042) or the channel's id; SKUs by a code's beginning or a barcode."""
    number = _NUMBER.fullmatch(asked)
    prefix = asked.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    wanted = {
        "asked": asked,
        "id": int(number[1]) if number else 0,
        "prefix": prefix,
        "upper": prefix.upper(),
    }
    return Found(
        [OrderFound(*row) for row in sql.run(ORDERS, wanted)],
        [SkuFound(*row) for row in sql.run(SKUS, wanted)],
    )
