"""Packed parcels as the warehouse leaves them, for tests of what comes after."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import ParcelOpened, ParcelPacked
from quartermaster.orders.actions.state import load, save
from quartermaster.orders.rules.units import balanced
from quartermaster.stock.actions import Move, State, post
from quartermaster.testing.builders import SOLD_AT

RESERVED = """
select r.id, r.claim, r.sku_id, r.quantity, r.holder, p.code, r.location_id
from stock_reservation r join orders_line l on l.id = r.claim
join stock_place p on p.location_id = r.location_id and p.kind = 'site'
where l.order_id = %s and r.state = 'pending' order by r.id
"""
CONSUME = """
with gone as (
  update stock_reservation set state = 'consumed', settled_at = %(at)s, settled_by = 'test'
  where id = any(%(ids)s) returning sku_id, location_id, quantity)
update stock_level v set reserved = v.reserved - g.quantity
from (select sku_id, location_id, sum(quantity) as quantity from gone group by 1, 2) g
where v.sku_id = g.sku_id and v.location_id = g.location_id
"""
PARCEL = """
insert into warehouse_parcel (
  order_id, allocation_id, location_id, state, weight_g, made_at, packed_at, promised_on)
values (%(order)s, %(allocation)s, %(location)s, 'packed', %(weight_g)s, %(at)s, %(at)s, %(promised_on)s)
returning id
"""
ITEM = "insert into warehouse_parcel_item (parcel_id, line_id, sku_id, quantity) values (%s, %s, %s, %s)"


def a_packed_parcel(
    number: str, *, weight_g: int | None = 800, at: datetime = SOLD_AT, **different: object
) -> int:
    """All that is reserved for an order, picked and packed into one parcel of 800 g, and told: its id."""
    order_id = int(number.removeprefix("SO-"))
    with transaction.atomic():
        (order,) = load([order_id]).values()
        reserved = sql.run(RESERVED, (order_id,))
        sql.run(CONSUME, {"ids": [row[0] for row in reserved], "at": at})
        post(
            [
                Move(f"pick:{row}", sku_id, count, place, place, "picked", target_state=State.PICKED)
                for row, _, sku_id, count, _, place, _ in reserved
            ],
            by="test",
            at=at,
        )
        _, _, _, _, allocation, _, location = reserved[0]
        asked: Mapping[str, object] = {
            "order": order_id,
            "allocation": allocation,
            "location": location,
            "weight_g": weight_g,
            "at": at,
            "promised_on": None,
            **different,
        }
        ((parcel_id,),) = sql.run(PARCEL, asked)
        for _, line_id, sku_id, count, *_ in reserved:
            sql.run(ITEM, (parcel_id, line_id, sku_id, count))
        sql.run("update allocation_allocation set state = 'packed' where id = %s", (allocation,))
        for line in order.lines:
            units = line.units
            picked, packed = units.picked + units.allocated, units.packed + units.allocated
            line.units = balanced(replace(units, allocated=0, picked=picked, packed=packed))
        save([order])
        emit(
            [
                ParcelPacked(
                    subject=order.subject,
                    at=at,
                    actor="test",
                    order_id=order_id,
                    parcel_id=parcel_id,
                    location=reserved[0][5],
                )
            ]
        )
    return int(parcel_id)


def open_again(parcel_id: int, *, because: str, at: datetime = SOLD_AT) -> None:
    """As a packer opens a closed parcel: what is in it is picked, not packed."""
    _turn(parcel_id, "packing", ParcelOpened, at=at, because=because)


def close_again(parcel_id: int, *, at: datetime = SOLD_AT) -> None:
    _turn(parcel_id, "packed", ParcelPacked, at=at, location="BER")


def _turn(
    parcel_id: int, state: str, fact: type[ParcelPacked | ParcelOpened], *, at: datetime, **told: str
) -> None:
    with transaction.atomic():
        ((order_id,),) = sql.run("select order_id from warehouse_parcel where id = %s", (parcel_id,))
        (order,) = load([order_id]).values()
        sql.run("update warehouse_parcel set state = %s where id = %s", (state, parcel_id))
        for line in order.lines:
            packed = 0 if state == "packing" else line.units.picked
            line.units = replace(line.units, packed=packed, labelled=0)
        save([order])
        emit(
            [fact(subject=order.subject, at=at, actor="test", order_id=order_id, parcel_id=parcel_id, **told)]
        )
