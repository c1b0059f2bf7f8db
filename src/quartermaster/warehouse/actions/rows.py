"""Picks as the floor's actions read them. Whoever changes one holds the lock of its order."""

from collections.abc import Iterable
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.errors import NotFound


class PickRow(NamedTuple):
    """A pick with what it is about. Units; `place` is a code."""

    id: int
    pick_list_id: int
    allocation_id: int
    order_id: int
    line_id: int
    sku_id: int
    sku: str
    location_id: int
    place_id: int
    place: str
    lot: str
    serial: str
    quantity: int
    picked: int
    state: str

    @property
    def left(self) -> int:
        return self.quantity - self.picked if self.state == "to_pick" else 0


_PICK = """
select p.id, p.pick_list_id, p.allocation_id, p.order_id, p.line_id, p.sku_id, s.code, b.location_id,
  p.place_id, b.code, p.lot, p.serial, p.quantity, p.picked, p.state
from warehouse_pick p join catalog_sku s on s.id = p.sku_id join stock_place b on b.id = p.place_id
where {which} order by p.position, p.id
"""
BY_ID = _PICK.format(which="p.id = any(%s)")
OF_LISTS = _PICK.format(which="p.pick_list_id = any(%s) and p.state = 'to_pick'")
OF_ORDERS = _PICK.format(which="p.order_id = any(%s) and p.state = 'to_pick'")


def picks(ids: Iterable[int]) -> dict[int, PickRow]:
    return {row[0]: PickRow._make(row) for row in sql.run(BY_ID, (sorted(set(ids)),))}


def one_pick(pick_id: int) -> PickRow:
    """Raises NotFound."""
    found = picks([pick_id])
    if not found:
        raise NotFound(what="pick", which=pick_id)
    return found[pick_id]


def left_on_lists(list_ids: Iterable[int]) -> list[PickRow]:
    """What is still to pick on these lists, along the path."""
    return [PickRow._make(row) for row in sql.run(OF_LISTS, (sorted(set(list_ids)),))]


def left_of_orders(order_ids: Iterable[int]) -> list[PickRow]:
    """What is still to pick for these orders, whatever list it is on."""
    return [PickRow._make(row) for row in sql.run(OF_ORDERS, (sorted(set(order_ids)),))]
