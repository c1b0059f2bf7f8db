"""What orders ask of the lots that are picked for them, by what their channel asks for."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, NamedTuple

from quartermaster.core import sql
from quartermaster.stock.queries.shelf_life import days_asked

# Only of SKUs that any channel asks something of; from_on is null where the order's own asks nothing.
ASKED: Final = f"""
select w.order_id, w.sku_id, w.location_id, n.slug, d.days,
  case when d.days > 0 then (%(at)s::timestamptz at time zone c.timezone)::date + d.days end
from (select distinct * from jsonb_to_recordset(%(wanted)s::jsonb)
        as w(order_id bigint, sku_id bigint, location_id bigint)) w
join orders_order o on o.id = w.order_id join inbox_connection n on n.id = o.connection_id
join stock_location c on c.id = w.location_id
cross join lateral (select {days_asked("o.connection_id", "w.sku_id")} as days) d
where exists (select from stock_shelf_life h where h.sku_id is null or h.sku_id = w.sku_id)
"""  # noqa: S608 - constants only
LOT: Final = """
select t.expires_on from stock_lot t join catalog_sku s on s.id = t.sku_id where s.code = %s and t.code = %s
"""


class Ask(NamedTuple):
    """from_on: the day on which a lot must still be good, None where the order asks for none."""

    channel: str
    days: int
    from_on: date | None


type Asks = dict[tuple[int, int, int], Ask]  # by order id, SKU id, location id


def asks(wanted: Iterable[tuple[int, int, int]], *, at: datetime) -> Asks:
    """What these orders ask of these SKUs at these sites. One statement."""
    rows = [
        {"order_id": order_id, "sku_id": sku_id, "location_id": location_id}
        for order_id, sku_id, location_id in set(wanted)
    ]
    found = sql.run(ASKED, {"wanted": sql.rows(rows), "at": at})
    return {(order_id, sku_id, site): Ask(*rest) for order_id, sku_id, site, *rest in found}


def lot_day(sku: str, lot: str) -> tuple[bool, date | None]:
    """Whether the SKU has such a lot with a day, and the day."""
    found = sql.run(LOT, (sku, lot))
    return bool(found), found[0][0] if found else None
