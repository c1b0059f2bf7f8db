"""Problems that happen on the floor and in the ledger: by the actions that people use."""

from datetime import datetime, timedelta

from quartermaster.core import sql
from quartermaster.demo.clock import flow
from quartermaster.demo.company.found import BY
from quartermaster.demo.past.plan import Past
from quartermaster.demo.problems.told import CALLED_OFF, NO_POSTCODE
from quartermaster.orders.actions import cancel, hold
from quartermaster.stock.actions import LevelUnits, set_safety
from quartermaster.warehouse.actions import confirm_lists, make_pick_list, pack_all, pick_short

NOTED = """
select o.id from orders_order o where o.detail->>'note' = %s and o.cancelled_at is null order by o.id
"""
RELEASED = """
select a.order_id from allocation_allocation a join stock_location l on l.id = a.location_id
join orders_line n on n.order_id = a.order_id
where l.code = 'BER' and a.state = 'released' group by a.order_id having count(*) = 1 and sum(n.allocated) > 1
order by a.order_id desc limit 1
"""
FIRST_PICK = "select id, quantity from warehouse_pick where pick_list_id = %s order by position limit 1"
SHORTEST = """
select sku_id, location_id, (sellable - reserved)::bigint from stock_level
where sellable - reserved between 2 and 12 and reserved > 0 order by reserved desc, 1, 2 limit 3
"""
ON_HOLD = "select 1 from orders_hold where kind = 'fraud' limit 1"
SUSPECT = """
select id from orders_order o where status = 'allocated' and total_minor > 20000 order by id desc limit 1
"""


def do(past: Past) -> None:
    """Each looks whether it was done already: begun again, it goes on."""
    now = past.now
    _no_label(now)
    _called_off_in_hand(now)
    _bin_is_short(now)
    _below_safety(now)
    _looks_like_fraud(now)
    flow(now)


def _pick_and_pack(orders: list[int], *, at: datetime, is_packed: bool) -> None:
    made = make_pick_list("BER", only=orders, at=at, by=BY) if orders else None
    if made is not None:
        confirm_lists([made], at=at + timedelta(minutes=8), by="crew:mila")
    if is_packed and orders:
        pack_all(orders, at=at + timedelta(minutes=15), by="crew:mila")
    flow(at + timedelta(minutes=16))


def _no_label(now: datetime) -> None:
    """No carrier sells a label for an address without a postcode."""
    _pick_and_pack(_noted(NO_POSTCODE), at=now - timedelta(minutes=40), is_packed=True)


def _called_off_in_hand(now: datetime) -> None:
    """Cancelled when it lay in the tote already: somebody has to carry it back."""
    orders = _noted(CALLED_OFF)
    _pick_and_pack(orders, at=now - timedelta(minutes=38), is_packed=False)
    for order_id in orders:
        cancel(f"SO-{order_id}", because="The customer called: no longer needed.", at=now, by="crew:ines")


def _bin_is_short(now: datetime) -> None:
    """One unit of two is not where the ledger says: the bin is to be counted."""
    if sql.run("select 1 from warehouse_count_task where done_at is null limit 1"):
        return
    orders = [row[0] for row in sql.run(RELEASED)]
    made = make_pick_list("BER", only=orders, at=now - timedelta(minutes=25), by="crew:jonas")
    if made is not None:
        ((pick_id, quantity),) = sql.run(FIRST_PICK, (made,))
        pick_short(pick_id, quantity - 1, at=now - timedelta(minutes=21), by="crew:jonas")


def _below_safety(now: datetime) -> None:
    set_safety([LevelUnits(sku, site, free + 10) for sku, site, free in sql.run(SHORTEST)], at=now, by=BY)


def _looks_like_fraud(now: datetime) -> None:
    if not sql.run(ON_HOLD):
        for (order_id,) in sql.run(SUSPECT):
            because = "Three cards were tried, and the parcel goes to a hotel."
            hold(f"SO-{order_id}", kind="fraud", because=because, at=now, by="crew:ines")


def _noted(note: str) -> list[int]:
    return [row[0] for row in sql.run(NOTED, (note,))]
