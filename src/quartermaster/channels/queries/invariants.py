"""What must hold between parcels that left and what their shops were told. Rows come back as sentences."""

from collections.abc import Callable

from quartermaster.core import sql

ROWS_MAX = 100
WISHES = """
select x.parcel_id from channels_shipment x
where x.state = 'queued' and not exists (
  select from core_outbox o where o.key = 'channel:P-' || x.parcel_id and o.settled_at is null)
order by 1 limit %s
"""
STRANGE = """
select x.parcel_id, p.state from channels_shipment x join warehouse_parcel p on p.id = x.parcel_id
join orders_order o on o.id = p.order_id
where p.state <> 'handed_over' or o.connection_id <> x.shop_id order by 1 limit %s
"""


def parcels_nobody_tells_of() -> list[str]:
    return [f"P-{parcel} waits, and no wish will tell of it" for (parcel,) in sql.run(WISHES, (ROWS_MAX,))]


def parcels_told_too_early() -> list[str]:
    return [f"P-{parcel} is {state}, or of another shop" for parcel, state in sql.run(STRANGE, (ROWS_MAX,))]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("channels.wishes", "A parcel its shop is to be told of is on its way there.", parcels_nobody_tells_of),
    ("channels.left", "A shop is told of its own parcels, once they left.", parcels_told_too_early),
)
