"""Take back parcels that an import made by mistake. Each runs in the caller's transaction, and answers with
what stands in the way: then the caller takes everything back."""

from collections.abc import Sequence
from typing import Final

from quartermaster.core import sql

TOUCHED: Final = """
select 'P-' || p.id || ' of SO-' || p.order_id || ' has been worked on here' from warehouse_parcel p
where p.id = any(%(ids)s) and (p.external_id = '' or p.allocation_id is not null) order by p.id limit 20
"""
ITEMS: Final = "delete from warehouse_parcel_item where parcel_id = any(%s)"
CARE: Final = "delete from warehouse_care where parcel_id = any(%s)"
PARCELS: Final = "delete from warehouse_parcel where id = any(%s)"
HAND_OVERS: Final = """
update warehouse_parcel p set handed_over_at = null, handed_over_recorded_at = null,
  state = case when o.detail->'history'->>'state' in ('shipped', 'delivered', 'returned') then 'handed_over'
    else 'cancelled' end
from orders_order o where o.id = p.order_id and p.id = any(%s)
"""
OF_ORDERS: Final = """
select distinct 'SO-' || order_id || ' has parcels of another import: withdraw that first'
from warehouse_parcel where order_id = any(%s) limit 20
"""
OF_LINES: Final = """
select distinct 'SO-' || p.order_id || ' has its lines in parcels of another import: withdraw that first'
from warehouse_parcel_item i join warehouse_parcel p on p.id = i.parcel_id where i.line_id = any(%s) limit 20
"""


def forget_parcels(ids: Sequence[int]) -> list[str]:
    """Parcels with what is in them."""
    if blocked := [text for (text,) in sql.run(TOUCHED, {"ids": list(ids)})]:
        return blocked
    sql.run(ITEMS, (list(ids),))
    sql.run(CARE, (list(ids),))
    sql.run(PARCELS, (list(ids),))
    return []


def forget_hand_overs(ids: Sequence[int]) -> list[str]:
    """The moments these parcels left."""
    sql.run(HAND_OVERS, (list(ids),))
    return []


def parcels_of_orders(ids: Sequence[int]) -> list[str]:
    """Why these orders cannot be forgotten: parcels are there."""
    return [text for (text,) in sql.run(OF_ORDERS, (list(ids),))]


def parcels_of_lines(ids: Sequence[int]) -> list[str]:
    """Why these lines cannot be forgotten: they are in parcels."""
    return [text for (text,) in sql.run(OF_LINES, (list(ids),))]
