"""Pick lists on paper, for a floor without scanners."""

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.shipping.queries.papers.typesetting import code128, typeset

LIST = """
select coalesce(nullif(s.name, ''), s.code), w.made_by,
  to_char(w.made_at at time zone 'UTC', 'FMDD Mon YYYY HH24:MI') || ' UTC'
from warehouse_pick_list w join stock_location s on s.id = w.location_id where w.id = %s
"""
PICKS = """
select k.position, p.code, s.code, s.title, k.lot, 'SO-' || k.order_id, k.quantity
from warehouse_pick k join stock_place p on p.id = k.place_id join catalog_sku s on s.id = k.sku_id
where k.pick_list_id = %s and k.state <> 'cancelled' order by k.position, k.id
"""


class ToTake(msgspec.Struct, frozen=True):
    position: int
    place: str
    sku: str
    title: str
    lot: str
    order: str
    quantity: int


def pick_list_pdf(pick_list_id: int) -> bytes:
    """The picks of PL-{id} in the order of the path, A4. Raises NotFound."""
    found = sql.run(LIST, (pick_list_id,))
    if not found:
        raise NotFound(what="pick list", which=f"PL-{pick_list_id}")
    picks = [ToTake(*row) for row in sql.run(PICKS, (pick_list_id,))]
    site, made_by, made_at = found[0]
    number = f"PL-{pick_list_id}"
    content = {
        "number": number,
        "site": site,
        "made_by": made_by.removeprefix("user:"),
        "made_at": made_at,
        "svg": code128(number),
        "picks": picks,
        "units": sum(pick.quantity for pick in picks),
        "orders": len({pick.order for pick in picks}),
    }
    return typeset("pick-list", content)
