"""From units on the floor to closed parcels, and back when somebody changes their mind."""

import pytest

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.orders.actions import cancel, hold
from quartermaster.warehouse.actions import (
    close,
    confirm_lists,
    confirm_pick,
    count,
    open_again,
    open_parcel,
    pack_all,
    pick_short,
    put_back,
    scan,
    take_out,
)
from quartermaster.warehouse.actions.count import CountedOtherwise
from quartermaster.warehouse.actions.pack import (
    EmptyParcel,
    NotAllPacked,
    NothingToPack,
    SerialToScan,
    TooMany,
    UnknownCode,
    WrongItem,
)
from quartermaster.warehouse.actions.parcels import ParcelOver
from quartermaster.warehouse.actions.put_back import BackElsewhere
from quartermaster.warehouse.actions.stopped import Stopped

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]
FIRST = 5_000_000_001


@pytest.fixture
def mugs(floor: Floor) -> Floor:
    floor.stow("MUG-RED", A_1=9)
    floor.stow("MUG-BLUE", A_2=9)
    return floor


def opened(order: int) -> int:
    return open_parcel(f"SO-{order}", "BER", at=NOW, by="user:1")


def scanned(parcel: int, *codes: str) -> None:
    for code in codes:
        scan(parcel, code, at=NOW, by="user:1")


def closed(parcel: int, *, partly: bool = False) -> None:
    close(parcel, partly=partly, at=NOW, by="user:1")


def take_off(order: int, position: int, units: int = 1) -> None:
    ((line,),) = sql.run(
        "select id from orders_line where order_id = %s order by position offset %s limit 1",
        (order, position),
    )
    cancel(f"SO-{order}", because="one less", lines={line: units}, at=NOW, by="user:1")


def parcels() -> list[tuple[int, str]]:
    return sql.run("select id, state from warehouse_parcel order by id")  # type: ignore[return-value]


def to_put_back() -> list[tuple[int, str, int]]:
    return sql.run(
        "select t.id, s.code, t.quantity from warehouse_put_back t join catalog_sku s on s.id = t.sku_id "
        "where t.done_at is null order by t.id"
    )  # type: ignore[return-value]


def test_a_parcel_is_scanned_full_and_closed(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 2), ("MUG-BLUE", 1))
    mugs.picked()
    parcel = opened(order)

    scanned(parcel, "MUG-RED", "MUG-BLUE")
    assert scan(parcel, "MUG-RED", at=NOW, by="user:1") == ("MUG-RED", 1, 0)
    close(parcel, carton="M", weight_g=740, size_mm=(300, 200, 100), at=NOW, by="user:1")
    closed(parcel)

    assert mugs.units(order) == [{"picked": 2, "packed": 2}, {"picked": 1, "packed": 1}]
    assert mugs.states(order) == ["packed"]
    assert mugs.company.status(FIRST) == "packed"
    assert sql.run("select state, carton, weight_g from warehouse_parcel") == [("packed", "M", 740)]
    assert len(sql.run("select from core_event where name = 'ParcelPacked'")) == 1
    mugs.company.flow()


def test_what_the_order_does_not_need_stays_out_and_the_sentence_says_why(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 1))
    mugs.picked()
    parcel = opened(order)
    sql.run("insert into catalog_barcode (code, sku_id, pack_quantity) select '400', id, 6 from catalog_sku "
            "where code = 'MUG-RED'")  # fmt: skip

    with pytest.raises(WrongItem, match=r"This is MUG-BLUE, the order needs 1 × MUG-RED\."):
        scanned(parcel, "MUG-BLUE")
    with pytest.raises(TooMany, match=r"This is 6 × MUG-RED, the order needs 1 × MUG-RED\."):
        scanned(parcel, "400")
    with pytest.raises(UnknownCode):
        scanned(parcel, "nothing like it")
    with pytest.raises(EmptyParcel):
        closed(parcel)
    scanned(parcel, "MUG-RED")
    with pytest.raises(WrongItem, match=r"This is MUG-RED, the order needs nothing more\."):
        scanned(parcel, "MUG-RED")


def test_a_barcode_of_a_pack_packs_all_of_it(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 7))
    mugs.picked()
    sql.run("insert into catalog_barcode (code, sku_id, pack_quantity) select '400', id, 6 from catalog_sku "
            "where code = 'MUG-RED'")  # fmt: skip
    parcel = opened(order)

    assert scan(parcel, "400", at=NOW, by="user:1") == ("MUG-RED", 6, 1)


def test_nothing_that_was_picked_stays_behind_unless_the_order_gets_several_parcels(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 2), ("MUG-BLUE", 1))
    mugs.picked()
    first = opened(order)
    scanned(first, "MUG-RED")
    with pytest.raises(NotAllPacked, match="1 × MUG-BLUE and 1 × MUG-RED was picked"):
        closed(first)
    closed(first, partly=True)
    assert mugs.states(order) == ["picking"]

    second = opened(order)
    scanned(second, "MUG-BLUE", "MUG-RED")
    ((item,),) = sql.run(
        "select i.id from warehouse_parcel_item i join catalog_sku s on s.id = i.sku_id "
        "where i.parcel_id = %s and s.code = 'MUG-RED'",
        (second,),
    )
    take_out(second, item, 1, at=NOW, by="user:1")
    with pytest.raises(NotAllPacked):
        closed(second)
    scanned(second, "MUG-RED")
    closed(second)
    assert mugs.states(order) == ["packed"]
    with pytest.raises(NothingToPack):
        opened(order)


def test_a_kit_is_packed_when_its_last_part_is(floor: Floor) -> None:
    floor.stow("BULB", A_1=10)
    floor.stow("SHADE", A_2=10)
    floor.company.kit("SET", BULB=2, SHADE=1)
    order = floor.sell(("SET", 2))
    floor.picked()
    first, second = opened(order), opened(order)
    scanned(first, "BULB", "BULB", "BULB", "SHADE")
    closed(first, partly=True)
    assert floor.units(order) == [{"picked": 2, "packed": 1}]
    scanned(second, "SHADE", "BULB")
    closed(second)
    assert floor.units(order) == [{"picked": 2, "packed": 2}]


def test_a_unit_with_a_serial_number_is_packed_by_it(floor: Floor) -> None:
    floor.stow("CAM", serials=("C1", "C2"), A_1=2)
    order = floor.sell(("CAM", 2))
    floor.picked()
    parcel = opened(order)
    with pytest.raises(SerialToScan):
        scanned(parcel, "CAM")
    scan(parcel, "CAM", serial="C2", at=NOW, by="user:1")
    scanned(parcel, "C1")
    closed(parcel)
    assert sql.run("select serial from warehouse_parcel_item order by 1") == [("C1",), ("C2",)]


def test_a_held_or_cancelled_order_is_not_packed(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 1))
    mugs.picked()
    parcel = opened(order)
    scanned(parcel, "MUG-RED")
    hold(f"SO-{order}", kind="fraud", because="the card was reported", at=NOW, by="user:1")
    with pytest.raises(Stopped, match="on hold"):
        closed(parcel)
    assert pack_all([order], at=NOW, by="user:1") == []
    cancel(f"SO-{order}", because="fraud", at=NOW, by="user:1")
    with pytest.raises(Stopped, match="cancelled"):
        closed(parcel)
    mugs.company.flow()
    assert parcels() == [(parcel, "cancelled")]
    assert [row[1:] for row in to_put_back()] == [("MUG-RED", 1)]


def test_scripted_crews_pack_many_orders_in_as_many_statements_as_few(mugs: Floor) -> None:
    mugs.stow("MUG-RED", B_1=200)

    def cost(orders: int) -> int:
        shop = mugs.company.shop
        mugs.company.tell(*[shop.sell(("MUG-RED", 1)) for _ in range(orders)])
        mugs.make_list(orders_max=orders)
        ids = [
            row[0] for row in sql.run("select distinct order_id from warehouse_pick where state = 'to_pick'")
        ]

        confirm_lists([row[0] for row in sql.run("select id from warehouse_pick_list")], at=NOW, by="user:1")
        with sql.counted() as statements:
            made = pack_all(ids, at=NOW, by="user:1")
        assert len(made) == orders
        assert pack_all(ids, at=NOW, by="user:1") == []
        return len(statements)

    few = cost(2)
    assert cost(30) == few
    assert few < 30
    assert sql.run("select count(*) from orders_line where packed = 1") == [(32,)]


def test_one_of_three_lines_cancelled_after_the_pick_is_put_back(floor: Floor) -> None:
    """G5: the tote is corrected, the rest is packed as if it had never been ordered."""
    for code, place in (("MUG", "A_1"), ("POT", "A_2"), ("CUP", "A_3")):
        floor.stow(code, **{place: 5})
    order = floor.sell(("MUG", 1), ("POT", 1), ("CUP", 1))
    floor.picked()

    take_off(order, 1)
    floor.company.flow()
    floor.company.flow()

    ((task, *what),) = to_put_back()
    assert what == ["POT", 1]
    assert floor.units(order)[1] == {"picked": 1}  # until somebody has carried it back
    parcel = opened(order)
    with pytest.raises(WrongItem):
        scanned(parcel, "POT")
    scanned(parcel, "MUG", "CUP")
    closed(parcel)
    with pytest.raises(Invalid):
        put_back(task, "PAR/A-1", at=NOW, by="user:1")
    for _ in range(2):
        put_back(task, "BER/A-2", at=NOW, by="user:1")
    with pytest.raises(BackElsewhere):
        put_back(task, "BER/A-1", at=NOW, by="user:1")
    floor.company.flow()

    packed = {"picked": 1, "packed": 1, "labelled": 1}
    assert floor.units(order) == [*(packed, {"cancelled": 1}, packed)]
    assert floor.states(order) == ["packed"]
    assert floor.company.status(FIRST) == "packed"
    assert floor.lying("POT") == {"A-2 available": 5}


def test_a_closed_parcel_is_opened_again_when_a_unit_in_it_is_cancelled(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 2))
    mugs.picked()
    (parcel,) = pack_all([order], at=NOW, by="user:1")
    take_off(order, 0)
    mugs.company.flow()

    assert parcels() == [(parcel, "packing")]
    assert mugs.units(order) == [{"picked": 2}]
    assert mugs.states(order) == ["picking"]
    facts = sql.run("select name from core_event where name in ('ParcelOpened', 'PutBackWanted') order by id")
    assert facts == [("ParcelOpened",), ("PutBackWanted",)]
    closed(parcel)
    assert mugs.units(order) == [{"picked": 2, "packed": 1}]
    assert mugs.states(order) == ["packed"]


def test_a_kit_cancelled_half_picked_goes_back_part_by_part(floor: Floor) -> None:
    floor.stow("BULB", A_1=10)
    floor.stow("SHADE", A_2=10)
    floor.company.kit("SET", BULB=2, SHADE=1)
    order = floor.sell(("SET", 3))
    bulbs, shades = (pick for pick, *_ in floor.picks(floor.make_list()))
    confirm_pick(bulbs, 5, at=NOW, by="user:1")
    confirm_pick(shades, 1, at=NOW, by="user:1")
    assert floor.units(order) == [{"allocated": 2, "picked": 1}]

    take_off(order, 0)
    floor.company.flow()
    assert floor.units(order) == [{"allocated": 1, "picked": 1, "cancelled": 1}]
    assert [row[1:] for row in to_put_back()] == [("BULB", 1)]
    take_off(order, 0, 2)
    floor.company.flow()

    assert floor.units(order) == [{"picked": 1, "cancelled": 2}]
    assert sum(units for _, code, units in to_put_back() if code == "BULB") == 5
    assert sum(units for _, code, units in to_put_back() if code == "SHADE") == 1
    for task, *_ in to_put_back():
        put_back(task, "BER/A-9", at=NOW, by="user:1")
    floor.company.flow()
    assert floor.units(order) == [{"cancelled": 3}]
    assert floor.company.stock() == {"BULB@BER": (10, 0), "SHADE@BER": (10, 0)}
    assert floor.states(order) == ["cancelled"]


def test_units_wanted_again_are_picked_anew_once_they_are_back(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 2))
    mugs.picked()
    shop = mugs.company.shop
    mugs.company.tell(shop.refund(FIRST, 0, 1))
    ((task, *_),) = to_put_back()
    shop.orders[FIRST]["refunds"] = []
    item = shop.orders[FIRST]["line_items"][0]
    item |= {"current_quantity": 2, "fulfillable_quantity": 2}
    mugs.company.tell(shop.pay(FIRST))

    put_back(task, "BER/A-1", at=NOW, by="user:1")
    mugs.company.flow()

    assert mugs.units(order) == [{"allocated": 1, "picked": 1}]
    assert mugs.states(order) == ["picking", "released"]


def test_a_parcel_may_be_opened_by_hand(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 2))
    mugs.picked()
    (parcel,) = pack_all([order], at=NOW, by="user:1")
    for _ in range(2):
        open_again(parcel, because="a card goes in", at=NOW, by="user:1")
    assert mugs.units(order) == [{"picked": 2}]
    closed(parcel)
    with pytest.raises(ParcelOver):
        scanned(parcel, "MUG-RED")
    mugs.company.flow()


def test_a_count_finds_missing_units_or_writes_them_off(mugs: Floor) -> None:
    mugs.sell(("MUG-RED", 2))
    ((pick, *_),) = mugs.picks(mugs.make_list())
    pick_short(pick, 1, at=NOW, by="user:1")
    mugs.company.flow()
    assert mugs.lying("MUG-RED") == {"BER picked": 1, "A-1 missing": 8}
    ((task,),) = sql.run("select id from warehouse_count_task where done_at is null")

    for who in ("user:2", "user:3", "user:3"):
        state = count(task, 5, at=NOW, by=who)
    assert state == "done"
    with pytest.raises(CountedOtherwise):
        count(task, 6, at=NOW, by="user:2")
    mugs.company.flow()

    assert mugs.lying("MUG-RED") == {"BER picked": 1, "A-1 available": 5}
    assert mugs.company.stock()["MUG-RED@BER"] == (6, 1)  # the waiting unit was served again
    facts = sql.run("select body->>'counted', body->>'difference' from core_event where name = 'CountDone'")
    assert facts == [("5", "-3")]
