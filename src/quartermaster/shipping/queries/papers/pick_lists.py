"""Pick lists on paper, for a floor without scanners."""

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.shipping.queries.papers.typesetting import code128, typeset
from quartermaster.shipping.rules.zpl import Pick, list_zpl

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


class PickList(msgspec.Struct, frozen=True):
    """A list as it is printed, its picks in the order of the path."""

    number: str
    site: str
    made_by: str
    made_at: str
    picks: list[Pick]
    units: int
    orders: int


def pick_list_pdf(pick_list_id: int) -> bytes:
    """The picks of PL-{id} in the order of the path, A4. Raises NotFound."""
    printed = _read(pick_list_id)
    return typeset("pick-list", {**msgspec.structs.asdict(printed), "svg": code128(printed.number)})


def pick_list_zpl(pick_list_id: int) -> str:
    """The same for a thermal printer, 4 x 6 inches a page. Raises NotFound."""
    printed = _read(pick_list_id)
    units = "1 unit" if printed.units == 1 else f"{printed.units} units"
    orders = "1 order" if printed.orders == 1 else f"{printed.orders} orders"
    return list_zpl(
        printed.number,
        made=f"{printed.site}, {printed.made_at} by {printed.made_by}",
        counted=f"{units} for {orders}",
        picks=printed.picks,
    )


def _read(pick_list_id: int) -> PickList:
    found = sql.run(LIST, (pick_list_id,))
    if not found:
        raise NotFound(what="pick list", which=f"PL-{pick_list_id}")
    picks = [Pick(*row) for row in sql.run(PICKS, (pick_list_id,))]
    site, made_by, made_at = found[0]
    return PickList(
        number=f"PL-{pick_list_id}",
        site=site,
        made_by=made_by.removeprefix("user:"),
        made_at=made_at,
        picks=picks,
        units=sum(pick.quantity for pick in picks),
        orders=len({pick.order for pick in picks}),
    )
