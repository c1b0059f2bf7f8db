"""A parcel that stays open while the rest of its order is packed: it is gone on with, or given up."""

import pytest

from quartermaster.core import sql
from quartermaster.orders.actions import cancel
from quartermaster.warehouse.actions import (
    close,
    confirm_lists,
    confirm_pick,
    open_again,
    open_parcel,
    pack_all,
    scan,
    take_out,
)
from quartermaster.warehouse.queries.board import to_pack
from quartermaster.warehouse.queries.invariants import parcels_left_empty

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]


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


def parcels() -> list[tuple[int, str]]:
    return sql.run("select id, state from warehouse_parcel order by id")  # type: ignore[return-value]


def test_scripted_crews_go_on_with_a_parcel_that_is_open(mugs: Floor) -> None:
    """One unit is packed, its parcel is opened again, and the rest is picked meanwhile."""
    order = mugs.sell(("MUG-RED", 1), ("MUG-BLUE", 2))
    first, _ = (pick for pick, *_ in mugs.picks(mugs.make_list()))
    confirm_pick(first, 1, at=NOW, by="user:1")
    (parcel,) = pack_all([order], at=NOW, by="user:1")
    open_again(parcel, because="look", at=NOW, by="user:1")
    confirm_lists([row[0] for row in sql.run("select id from warehouse_pick_list")], at=NOW, by="user:1")

    assert pack_all([order], at=NOW, by="user:1") == [parcel]
    assert pack_all([order], at=NOW, by="user:1") == []
    assert parcels() == [(parcel, "packed")]
    assert mugs.states(order) == ["packed"]

    open_again(parcel, because="look", at=NOW, by="user:1")
    assert pack_all([order], at=NOW, by="user:1") == [parcel]
    assert mugs.units(order) == [{"picked": 1, "packed": 1}, {"picked": 2, "packed": 2}]
    mugs.company.flow()


def test_an_empty_parcel_is_given_up_when_the_rest_is_packed(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 2))
    mugs.picked()
    (first,) = pack_all([order], at=NOW, by="user:1")
    open_again(first, because="too small", at=NOW, by="user:1")
    ((item,),) = sql.run("select id from warehouse_parcel_item")
    take_out(first, item, 2, at=NOW, by="user:1")
    second, third, fourth = opened(order), opened(order), opened(order)
    scanned(second, "MUG-RED")
    closed(second, partly=True)
    assert [state for _, state in parcels()] == ["packing", "packed", "packing", "packing"]
    assert [one.parcel for one in to_pack("BER")] == [fourth]
    scanned(third, "MUG-RED")
    assert [one.parcel for one in to_pack("BER")] == [third]  # the empty ones cannot be closed

    closed(third)

    assert [state for _, state in parcels()] == ["cancelled", "packed", "packed", "cancelled"]
    given_up = sql.run(
        "select (body->>'parcel_id')::bigint, actor, body->>'because' from core_event "
        "where name = 'ParcelGivenUp' order by id"
    )
    assert given_up == [(parcel, "user:1", "nothing is in it") for parcel in (first, fourth)]
    assert mugs.states(order) == ["packed"]
    mugs.company.flow()
    assert parcels_left_empty() == []


def test_the_doctor_tells_of_an_empty_parcel_that_nothing_waits_for(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 1))
    mugs.picked()
    first, second = opened(order), opened(order)
    scanned(second, "MUG-RED")
    assert parcels_left_empty() == []  # it may come out again
    closed(second)
    sql.run("update warehouse_parcel set state = 'packing' where id = %s", (first,))
    assert parcels_left_empty() == [
        f"P-{first} is open and empty, and nothing of SO-{order} waits for it: open it again to end it"
    ]
    open_again(first, because="the doctor says so", at=NOW, by="user:1")
    assert parcels_left_empty() == []


def test_an_empty_parcel_of_a_cancelled_order_is_given_up(mugs: Floor) -> None:
    order = mugs.sell(("MUG-RED", 1), ("MUG-BLUE", 1))
    mugs.picked()
    parcel = opened(order)
    ((line,),) = sql.run("select min(id) from orders_line")
    cancel(f"SO-{order}", because="one less", lines={line: 1}, at=NOW, by="user:1")
    mugs.company.flow()
    assert parcels() == [(parcel, "packing")]
    cancel(f"SO-{order}", because="she changed her mind", at=NOW, by="user:1")
    mugs.company.flow()
    assert parcels() == [(parcel, "cancelled")]
