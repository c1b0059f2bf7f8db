"""Scripted crews pack what was picked, thousands of orders at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.orders.actions.state import load
from quartermaster.orders.rules.holds import Blocks
from quartermaster.warehouse.actions.add_inserts import add_inserts
from quartermaster.warehouse.actions.book_inserts import book_inserts
from quartermaster.warehouse.actions.pack import MAKE, put_into
from quartermaster.warehouse.actions.parcels import Closing, close_all
from quartermaster.warehouse.actions.reconcile import reconcile
from quartermaster.warehouse.queries.floor import on_floor
from quartermaster.warehouse.rules.boxes import Put

SITES = "select id, code from stock_location where id = any(%s)"


def pack_all(order_ids: Iterable[int], *, at: datetime, by: str) -> list[int]:
    """Put everything that was picked for these orders, and is in no parcel, into one parcel for each order
    and site, and close it. Returns the parcels' ids. Cancelled and held orders are left alone.

    Running it twice does nothing. Constant number of statements, whatever the number of orders.
    """
    with transaction.atomic():
        orders = load(order_ids)
        orders = {
            order.id: order
            for order in orders.values()
            if not order.is_cancelled and not order.is_blocked(Blocks.RELEASE)
        }
        if not orders:
            return []
        reconcile(orders, at=at, by=by)
        order_of = {line.id: order.id for order in orders.values() for line in order.lines}
        table = [one for one in on_floor(orders) if not one.parcel_id]
        spots = sorted({(order_of[one.line_id], one.location_id) for one in table})
        if not spots:
            return []
        wanted = sql.rows({"order_id": order_id, "location_id": site} for order_id, site in spots)
        made = {(order_id, site): id for id, order_id, site in sql.run(MAKE, {"wanted": wanted, "at": at})}
        add_inserts(list(made.values()), orders, at=at)
        put_into([(made[order_of[one.line_id], one.location_id], Put(one, one.units)) for one in table])
        sites = dict(sql.run(SITES, (sorted({site for _, site in spots}),)))
        closing = [Closing(id, order_id, sites[site]) for (order_id, site), id in made.items()]
        close_all(closing, orders, at=at, by=by)
        book_inserts(closing, is_scanned=False, at=at, by=by)
    return sorted(made.values())
