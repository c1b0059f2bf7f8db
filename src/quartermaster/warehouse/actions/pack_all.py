"""Scripted crews pack what was picked, thousands of orders at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.orders.actions.state import load
from quartermaster.orders.rules.holds import Blocks
from quartermaster.warehouse.actions.add_inserts import add_inserts
from quartermaster.warehouse.actions.book_inserts import book_inserts
from quartermaster.warehouse.actions.give_up import give_up_empty
from quartermaster.warehouse.actions.pack import MAKE, put_into
from quartermaster.warehouse.actions.parcels import Closing, close_all
from quartermaster.warehouse.actions.reconcile import reconcile
from quartermaster.warehouse.queries.floor import on_floor
from quartermaster.warehouse.rules.boxes import Put

SITES = "select id, code from stock_location where id = any(%s)"


def pack_all(order_ids: Iterable[int], *, at: datetime, by: str) -> list[int]:
    """Put everything that was picked for these orders, and is in no parcel, into one parcel for each order
    and site, and close it. Where parcels are open the newest with something in it takes the rest, and all of
    them are closed. Returns the ids of what was closed. Cancelled and held orders are left alone.

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
        there = [one for one in on_floor(orders) if one.parcel_state in ("", "packing")]
        if not there:
            return []
        spot_of = {one: (order_of[one.line_id], one.location_id) for one in there}
        begun = sorted({(one.parcel_id, *spot_of[one]) for one in there if one.parcel_id})
        takes = {(order_id, site): id for id, order_id, site in begun}
        bare = sorted({*spot_of.values()} - {*takes})
        wanted = sql.rows({"order_id": order_id, "location_id": site} for order_id, site in bare)
        made = sql.run(MAKE, {"wanted": wanted, "at": at})
        takes |= {(order_id, site): id for id, order_id, site in made}
        put_into([(takes[spot_of[one]], Put(one, one.units)) for one in there if not one.parcel_id])
        sites = dict(sql.run(SITES, (sorted({site for _, site in takes}),)))
        closing = [Closing(id, order_id, sites[site]) for id, order_id, site in (*begun, *made)]
        ids = sorted(one.id for one in closing)
        give_up_empty(orders, closing=ids, heirs=takes, at=at, by=by)
        add_inserts([id for id, _, _ in made], orders, at=at)
        close_all(closing, orders, at=at, by=by)
        book_inserts(closing, is_scanned=False, at=at, by=by)
    return ids
