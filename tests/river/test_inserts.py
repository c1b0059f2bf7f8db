"""Inserts: decided with the parcel, scanned when they are articles, weighed, and on the slip."""

import pytest
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.orders.actions import cancel
from quartermaster.warehouse.actions import (
    close,
    open_again,
    open_parcel,
    pack_all,
    scan,
    take_out,
    write_packaging,
)
from quartermaster.warehouse.actions.add_inserts import InsertMissing
from quartermaster.warehouse.actions.pack import WrongItem
from quartermaster.warehouse.queries.insert_invariants import inserts_that_differ
from quartermaster.warehouse.queries.parcels import parcel as find
from quartermaster.warehouse.rules.packaging import FIRST, Insert

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]
CARD = Insert("CARD", "A card", weight_g=10, skus=("MUG",))
SAMPLE = Insert("SAMPLE", "Tea sample", weight_g=40, sku="TEA")


@pytest.fixture
def order(floor: Floor) -> int:
    """Two mugs, picked, while the packaging has a card and a sample."""
    floor.stow("MUG", A_1=9)
    floor.stow("TEA", A_2=9)
    sql.run("update catalog_sku set weight_g = 300")
    write_packaging(replace(FIRST, inserts=(CARD, SAMPLE)), because="spring", at=NOW, by="user:7")
    made = floor.sell(("MUG", 2))
    floor.picked()
    return made


def begun(order: int) -> int:
    return open_parcel(f"SO-{order}", "BER", at=NOW, by="user:1")


def test_a_sample_is_scanned_and_what_goes_in_is_weighed(order: int):
    parcel = begun(order)
    told = [(one.title, one.because, one.is_scanned) for one in find(parcel).inserts]
    assert told == [("A card", "with MUG", False), ("Tea sample", "every order", False)]
    for _ in range(2):
        scan(parcel, "MUG", at=NOW, by="user:1")
    with pytest.raises(InsertMissing, match="Tea sample goes into"):
        close(parcel, at=NOW, by="user:1")
    assert scan(parcel, "TEA", at=NOW, by="user:1").left == 0
    with pytest.raises(WrongItem):
        scan(parcel, "TEA", at=NOW, by="user:1")
    close(parcel, carton="BOX-201510", weight_g=600 + 90 + 50, at=NOW, by="user:1")
    assert [one.is_scanned for one in find(parcel).inserts] == [False, True]


def test_what_is_left_out_is_said_why_and_no_second_parcel_gets_it(order: int):
    parcel = begun(order)
    scan(parcel, "MUG", at=NOW, by="user:1")
    close(parcel, partly=True, insert_because="none left", at=NOW, by="user:7")
    told = "select actor, body->>'because' from core_event where name = 'InsertLeftOut'"
    assert sql.run(told) == [("user:7", "none left")]
    assert find(begun(order)).inserts == ()


def tea() -> tuple[int, int]:
    """Units of it on the shelf, and how many an insert took with its parcel."""
    ((shelf,),) = sql.run(
        "select b.quantity from stock_balance b join stock_place p on p.id = b.place_id "
        "join catalog_sku s on s.id = b.sku_id where s.code = 'TEA' and p.code = 'BER/A-2'"
    )
    ((given,),) = sql.run("select count(*) from stock_movement where left(key, 7) = 'insert:'")
    return shelf, given


def packed(order: int) -> int:
    parcel = begun(order)
    for code in ("MUG", "MUG", "TEA"):
        scan(parcel, code, at=NOW, by="user:1")
    close(parcel, at=NOW, by="user:1")
    return parcel


def test_a_sample_leaves_the_stock_once_however_often_its_parcel_is_closed(order: int):
    parcel = packed(order)
    assert tea() == (8, 1)
    open_again(parcel, because="forgot the card", at=NOW, by="user:1")
    close(parcel, at=NOW, by="user:1")
    assert tea() == (8, 1)
    told = "select body->>'skus', body->>'short' from core_event where name = 'InsertsBooked'"
    assert sql.run(told) == [('["TEA"]', "[]")]


def test_an_empty_parcel_that_is_given_up_hands_its_inserts_on(order: int):
    first, second = begun(order), begun(order)
    scan(first, "TEA", at=NOW, by="user:1")
    for _ in range(2):
        scan(second, "MUG", at=NOW, by="user:1")
    with pytest.raises(InsertMissing, match=f"Tea sample goes into P-{second} too"):
        close(second, at=NOW, by="user:1")
    scan(second, "TEA", at=NOW, by="user:1")
    with pytest.raises(WrongItem):
        scan(second, "TEA", at=NOW, by="user:1")
    close(second, at=NOW, by="user:1")
    assert [find(parcel).state for parcel in (first, second)] == ["cancelled", "packed"]
    assert [(one.code, one.is_scanned) for one in find(second).inserts] == [("CARD", False), ("SAMPLE", True)]
    assert tea() == (8, 1)


def test_a_sample_that_left_already_is_not_booked_again_in_another_parcel(order: int):
    first = packed(order)
    open_again(first, because="too small", at=NOW, by="user:1")
    ((item,),) = sql.run("select id from warehouse_parcel_item")
    take_out(first, item, 2, at=NOW, by="user:1")
    assert pack_all([order], at=NOW, by="user:1") == [second := first + 1]
    assert sorted(one.code for one in find(second).inserts) == ["CARD", "SAMPLE"]
    assert tea() == (8, 1)
    assert inserts_that_differ() == []


def test_a_sample_is_back_on_its_shelf_when_its_parcel_is_given_up(floor: Floor, order: int):
    packed(order)
    cancel(f"SO-{order}", because="she changed her mind", at=NOW, by="user:1")
    floor.company.flow()
    assert tea() == (9, 1)
    assert inserts_that_differ() == []
    sql.run("update warehouse_parcel_insert set booked_from = 'BER/A-2' where sku = 'TEA'")
    assert len(inserts_that_differ()) == 1
    sql.run("update warehouse_parcel_insert set booked_from = '' where sku = 'TEA'")
    assert sql.run("select state from warehouse_parcel") == [("cancelled",)]


def test_a_sample_that_is_promised_to_orders_is_not_taken_from_them(floor: Floor, order: int):
    floor.sell(("TEA", 9))
    packed(order)
    assert tea() == (9, 0)
    told = "select body->>'skus', body->>'short' from core_event where name = 'InsertsBooked'"
    assert sql.run(told) == [("[]", '["TEA"]')]


def test_a_scripted_crew_gets_the_same_inserts(order: int):
    (parcel,) = pack_all([order], at=NOW, by="user:1")
    assert [one.code for one in find(parcel).inserts] == ["CARD", "SAMPLE"]
