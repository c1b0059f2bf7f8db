"""Packed parcels as the floor leaves them, for tests of what comes after."""

from datetime import datetime

from quartermaster.core import sql
from quartermaster.testing.builders import SOLD_AT
from quartermaster.warehouse.actions import close, confirm_lists, make_pick_list, pack_all
from quartermaster.warehouse.actions import open_again as reopen

SITE = """
select s.code from allocation_allocation a join stock_location s on s.id = a.location_id
where a.order_id = %s and a.state = 'released' order by a.id limit 1
"""


def picked(number: str, *, at: datetime = SOLD_AT) -> None:
    """All that one site has released of an order is picked."""
    order_id = int(number.removeprefix("SO-"))
    made = make_pick_list(sql.run(SITE, (order_id,))[0][0], only=[order_id], at=at, by="test")
    assert made is not None, "nothing of this order is released"
    confirm_lists([made], at=at, by="test")


def a_packed_parcel(number: str, *, weight_g: int | None = 800, at: datetime = SOLD_AT) -> int:
    """All that one site serves of an order, picked and packed into one parcel of 800 g: its id."""
    picked(number, at=at)
    (parcel_id,) = pack_all([int(number.removeprefix("SO-"))], at=at, by="test")
    sql.run("update warehouse_parcel set weight_g = %s where id = %s", (weight_g, parcel_id))
    return parcel_id


def open_again(parcel_id: int, *, because: str, at: datetime = SOLD_AT) -> None:
    """A packer opens a closed parcel: what is in it is picked, not packed."""
    reopen(parcel_id, because=because, at=at, by="test")


def close_again(parcel_id: int, *, at: datetime = SOLD_AT) -> None:
    close(parcel_id, at=at, by="test")
