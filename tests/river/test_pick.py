"""From released work to units on the floor."""

import pytest

from quartermaster.core import sql
from quartermaster.orders.actions import cancel, hold, release_hold
from quartermaster.stock.actions import Move, post
from quartermaster.warehouse.actions import (
    ask_for_count,
    cancel_list,
    confirm_lists,
    confirm_pick,
    count,
    make_pick_list,
    pick_short,
    start,
)
from quartermaster.warehouse.actions.confirm import NotToPick, OtherCount, SerialUnknown, SerialWanted
from quartermaster.warehouse.actions.lists import ListOver, ListTaken
from quartermaster.warehouse.actions.stopped import Stopped

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]


def test_a_list_leads_along_the_path(floor: Floor) -> None:
    floor.stow("MUG", A_10=5)
    floor.stow("POT", A_2=5, B_1=5)
    floor.sell(("MUG", 1), ("POT", 7))

    assert floor.path(floor.make_list()) == [("POT", "A-2", 5), ("MUG", "A-10", 1), ("POT", "B-1", 2)]


def test_the_most_urgent_orders_come_first_and_the_list_says_why(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    late, urgent, _ = floor.sell(("MUG", 1)), floor.sell(("MUG", 1)), floor.sell(("MUG", 1))
    sql.run("update orders_order set priority = 5 where id = %s", (urgent,))

    made = floor.make_list(orders_max=2)

    assert sql.run("select distinct order_id from warehouse_pick order by 1") == [(late,), (urgent,)]
    ((first,),) = sql.run(
        "select because->'orders'->0->>'number' from warehouse_pick_list where id = %s", (made,)
    )
    assert first == f"SO-{urgent}"
    assert floor.states(urgent) == ["picking"]


def test_what_is_on_a_list_is_on_no_other(floor: Floor) -> None:
    floor.stow("MUG", A_1=1, A_2=1)
    floor.sell(("MUG", 1))
    floor.sell(("MUG", 1))

    assert floor.path(floor.make_list(orders_max=1)) == [("MUG", "A-1", 1)]
    assert floor.path(floor.make_list(orders_max=1)) == [("MUG", "A-2", 1)]
    assert make_pick_list("BER", at=NOW, by="user:1") is None


def test_a_confirmed_pick_moves_the_units_to_the_floor_once(floor: Floor) -> None:
    floor.stow("MUG", A_1=5)
    order = floor.sell(("MUG", 2))
    made = floor.make_list()
    ((pick, *_),) = floor.picks(made)
    assert floor.company.status(5_000_000_001) == "allocated"

    for _ in range(2):
        confirm_pick(pick, 1, at=NOW, by="user:1")
    assert floor.units(order) == [{"allocated": 1, "picked": 1}]
    for _ in range(2):
        confirm_pick(pick, 2, at=NOW, by="user:1")

    assert floor.units(order) == [{"picked": 2}]
    assert floor.lying("MUG") == {"BER picked": 2, "A-1 available": 3}
    assert floor.company.stock() == {"MUG@BER": (5, 0)}
    assert floor.states(order) == ["picking"]
    assert floor.company.status(5_000_000_001) == "picking"
    assert sql.run("select state, picker from warehouse_pick_list") == [("done", "user:1")]


def test_no_more_is_picked_than_is_wanted(floor: Floor) -> None:
    floor.stow("MUG", A_1=5)
    floor.sell(("MUG", 2))
    ((pick, *_),) = floor.picks(floor.make_list())
    with pytest.raises(OtherCount):
        confirm_pick(pick, 3, at=NOW, by="user:1")
    confirm_pick(pick, 2, at=NOW, by="user:1")
    with pytest.raises(NotToPick):
        confirm_pick(pick, 1, at=NOW, by="user:1")


def test_a_whole_list_is_confirmed_at_once_and_only_once(floor: Floor) -> None:
    floor.stow("MUG", A_1=3, A_2=3)
    floor.stow("POT", B_1=9)
    orders = [floor.sell(("MUG", 2), ("POT", 1)) for _ in range(3)]
    made = floor.make_list()

    assert confirm_lists([made], at=NOW, by="user:1") == 9
    assert confirm_lists([made], at=NOW, by="user:1") == 0
    floor.company.flow()

    assert [floor.units(order) for order in orders] == [[{"picked": 2}, {"picked": 1}]] * 3
    assert floor.lying("MUG") == {"BER picked": 6}


def test_confirming_many_orders_costs_what_confirming_few_costs(floor: Floor) -> None:
    floor.stow("MUG", A_1=300)
    floor.stow("POT", A_2=300)

    def cost(count: int) -> tuple[int, int]:
        shop = floor.company.shop
        floor.company.tell(*[shop.sell(("MUG", 1), ("POT", 2)) for _ in range(count)])
        with sql.counted() as making:
            made = floor.make_list(orders_max=count)
        with sql.counted() as confirming:
            confirm_lists([made], at=NOW, by="user:1")
        return len(making), len(confirming)

    few = cost(2)
    assert cost(40) == few
    assert sum(few) < 60


def test_a_kit_is_picked_part_by_part_and_counts_when_it_is_whole(floor: Floor) -> None:
    floor.stow("BULB", A_1=10)
    floor.stow("SHADE", A_2=10)
    floor.company.kit("SET", BULB=2, SHADE=1)
    order = floor.sell(("SET", 2))
    bulbs, shades = (pick for pick, *_ in floor.picks(floor.make_list()))

    confirm_pick(bulbs, 4, at=NOW, by="user:1")
    assert floor.units(order) == [{"allocated": 2}]
    confirm_pick(shades, 1, at=NOW, by="user:1")
    assert floor.units(order) == [{"allocated": 1, "picked": 1}]
    confirm_pick(shades, 2, at=NOW, by="user:1")
    assert floor.units(order) == [{"picked": 2}]


def test_the_lot_that_expires_first_is_picked_first_whatever_the_path(floor: Floor) -> None:
    floor.stow("TEA", lot="L2", A_1=2)
    floor.stow("TEA", lot="L1", B_1=2)
    sql.run(
        "insert into stock_lot (sku_id, code, expires_on) select id, v.lot, v.day::date from catalog_sku, "
        "(values ('L1', '2027-01-01'), ('L2', '2027-06-01')) as v(lot, day) where code = 'TEA'"
    )
    floor.sell(("TEA", 3))

    assert floor.path(floor.make_list()) == [("TEA", "A-1", 1), ("TEA", "B-1", 2)]
    floor.company.flow()


def test_a_unit_with_a_serial_number_is_picked_by_it(floor: Floor) -> None:
    floor.stow("CAM", serials=("C1", "C2", "C3"), A_1=3)
    order = floor.sell(("CAM", 2))
    first, second = (pick for pick, *_ in floor.picks(floor.make_list()))

    with pytest.raises(SerialWanted):
        confirm_pick(first, 1, at=NOW, by="user:1")
    with pytest.raises(SerialUnknown):
        confirm_pick(first, 1, serial="C9", at=NOW, by="user:1")
    confirm_pick(first, 1, serial="C2", at=NOW, by="user:1")  # the second was sent for this one
    confirm_pick(first, 1, serial="C2", at=NOW, by="user:1")
    confirm_pick(second, 1, serial="C3", at=NOW, by="user:1")

    assert floor.units(order) == [{"picked": 2}]
    assert sql.run("select serial, state from stock_balance where place_id > 0 order by 1") == [
        ("C1", "available"), ("C2", "picked"), ("C3", "picked")
    ]  # fmt: skip


def test_a_list_has_one_picker(floor: Floor) -> None:
    floor.stow("MUG", A_1=1)
    floor.sell(("MUG", 1))
    made = floor.make_list()
    start(made, at=NOW, by="user:1")
    start(made, at=NOW, by="user:1")
    with pytest.raises(ListTaken):
        start(made, at=NOW, by="user:2")


def test_a_list_given_back_is_picked_again(floor: Floor) -> None:
    floor.stow("MUG", A_1=5)
    order = floor.sell(("MUG", 3))
    made = floor.make_list()
    ((pick, *_),) = floor.picks(made)
    confirm_pick(pick, 1, at=NOW, by="user:1")

    cancel_list(made, because="end of the shift", at=NOW, by="user:1")
    cancel_list(made, because="end of the shift", at=NOW, by="user:1")
    floor.company.flow()

    assert floor.states(order) == ["released"]
    with pytest.raises(ListOver):
        start(made, at=NOW, by="user:2")
    with pytest.raises(NotToPick):
        confirm_pick(pick, 2, at=NOW, by="user:1")
    assert floor.path(floor.make_list()) == [("MUG", "A-1", 2)]


def test_units_cancelled_while_they_are_to_be_picked_are_taken_off_the_list(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    order = floor.sell(("MUG", 3))
    made = floor.make_list()
    ((line,),) = sql.run("select id from orders_line")
    cancel(f"SO-{order}", because="one less", lines={line: 1}, at=NOW, by="user:1")
    floor.company.flow()
    assert floor.path(made) == [("MUG", "A-1", 2)]

    cancel(f"SO-{order}", because="none", at=NOW, by="user:1")
    floor.company.flow()

    assert [state for *_, state in floor.picks(made)] == ["cancelled"]
    assert floor.states(order) == ["cancelled"]
    assert sql.run("select state from warehouse_pick_list") == [("done",)]
    assert floor.company.stock() == {"MUG@BER": (9, 0)}


def test_a_hold_takes_the_order_off_the_list_until_it_is_released(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    order = floor.sell(("MUG", 3))
    ((pick, *_),) = floor.picks(floor.make_list())
    hold(f"SO-{order}", kind="fraud", because="the card was reported", at=NOW, by="user:1")
    with pytest.raises(Stopped, match="the card was reported"):
        confirm_pick(pick, 1, at=NOW, by="user:1")
    floor.company.flow()
    assert floor.states(order) == ["waiting"]
    assert make_pick_list("BER", at=NOW, by="user:1") is None

    release_hold(f"SO-{order}", kind="fraud", because="checked", at=NOW, by="user:1")
    floor.company.flow()
    assert floor.path(floor.make_list()) == [("MUG", "A-1", 3)]


def test_a_short_pick_goes_on_at_another_bin(floor: Floor) -> None:
    floor.stow("MUG", A_1=3, B_1=3)
    order = floor.sell(("MUG", 2))
    made = floor.make_list()
    ((pick, *_),) = floor.picks(made)

    for _ in range(2):
        pick_short(pick, 1, at=NOW, by="user:1")
    floor.company.flow()

    assert floor.path(made) == [("MUG", "A-1", 2), ("MUG", "B-1", 1)]
    assert floor.lying("MUG") == {"BER picked": 1, "A-1 missing": 2, "B-1 available": 3}
    assert floor.units(order) == [{"allocated": 1, "picked": 1}]
    assert sql.run("select because, done_at from warehouse_count_task") == [(f"short on PL-{made}", None)]
    confirm_lists([made], at=NOW, by="user:1")
    assert floor.units(order) == [{"picked": 2}]


def test_a_short_pick_without_another_bin_is_served_from_another_site(floor: Floor) -> None:
    """G4: the missing unit is routed anew, the bin is counted, nobody else is promised what is not there."""
    floor.company.site("PAR", "FR")
    floor.stow("MUG", A_1=3)
    order = floor.sell(("MUG", 2))
    floor.company.receive("MUG", PAR=5)
    floor.company.flow()
    made = floor.make_list()
    ((pick, *_),) = floor.picks(made)

    pick_short(pick, 1, at=NOW, by="user:1")
    floor.company.flow()

    assert floor.units(order) == [{"allocated": 1, "picked": 1}]
    assert floor.states(order) == ["picking", "released"]
    assert floor.company.stock() == {"MUG@BER": (3, 0), "MUG@PAR": (5, 1)}
    assert floor.lying("MUG") == {"BER picked": 1, "A-1 missing": 2, "PAR available": 5}
    facts = sql.run("select body->>'because' from core_event where name = 'PickedShort'")
    assert facts == [("1 allocated anew",)]


def test_what_is_missing_is_not_promised_to_others_either(floor: Floor) -> None:
    floor.stow("MUG", A_1=5)
    first, second = floor.sell(("MUG", 2)), floor.sell(("MUG", 2))
    ((pick, *_),) = floor.picks(floor.make_list(orders_max=1))

    pick_short(pick, 0, at=NOW, by="user:1")
    floor.company.flow()

    assert floor.units(first) == [{"open": 2}]
    assert floor.units(second) == [{"open": 2}]
    assert floor.states(first) == floor.states(second) == ["cancelled"]
    assert floor.company.stock() == {"MUG@BER": (5, 0)}


def test_a_kit_that_lacks_a_part_gives_its_other_parts_back(floor: Floor) -> None:
    floor.stow("BULB", A_1=10)
    floor.stow("SHADE", A_2=1)
    floor.company.kit("SET", BULB=2, SHADE=1)
    order = floor.sell(("SET", 1))
    bulbs, shades = (pick for pick, *_ in floor.picks(floor.make_list()))
    confirm_pick(bulbs, 1, at=NOW, by="user:1")

    pick_short(shades, 0, at=NOW, by="user:1")
    floor.company.flow()

    assert floor.units(order) == [{"open": 1}]
    assert sql.run("select quantity, line_units from warehouse_put_back") == [(1, 0)]
    assert floor.lying("BULB") == {"BER picked": 1, "A-1 available": 9}


def _two_lists_of_one_bin(floor: Floor) -> tuple[int, int, int, int]:
    """Two lists send to A-1, and B-1 has enough for both: the lists, and the orders."""
    floor.stow("MUG", A_1=4)
    orders = floor.sell(("MUG", 2)), floor.sell(("MUG", 2))
    lists = floor.make_list(orders_max=1), floor.make_list(orders_max=1)
    floor.stow("MUG", B_1=4)
    return *lists, *orders


def _carry_away(units: int) -> None:
    """Somebody moves mugs from A-1 to B-1."""
    ((mug,),) = sql.run("select id from catalog_sku where code = 'MUG'")
    post([Move("carry", mug, units, "BER/A-1", "BER/B-1", "tidied up")], by="user:2", at=NOW)


def test_a_short_bin_sends_the_pickers_of_other_lists_elsewhere_too(floor: Floor) -> None:
    first, second, _, order = _two_lists_of_one_bin(floor)

    pick_short(floor.picks(first)[0][0], 0, at=NOW, by="user:1")
    floor.company.flow()

    assert [pick[1:] for pick in floor.picks(second)] == [
        ("MUG", "BER/A-1", 2, "cancelled"),
        ("MUG", "BER/B-1", 2, "to_pick"),
    ]
    assert confirm_lists([first, second], at=NOW, by="user:1") == 4
    assert floor.units(order) == [{"picked": 2}]
    assert floor.lying("MUG") == {"A-1 missing": 4, "BER picked": 4}


def test_a_list_is_confirmed_but_for_what_its_bins_do_not_hold_any_more(floor: Floor) -> None:
    first, second, *orders = _two_lists_of_one_bin(floor)
    floor.stow("POT", C_1=1)
    other = floor.sell(("POT", 1))
    pots = floor.make_list()
    _carry_away(3)

    assert confirm_lists([first, second, pots], at=NOW, by="user:1") == 2
    assert floor.units(other) == [{"picked": 1}]
    assert floor.states(orders[0]) == floor.states(orders[1]) == ["picking"]
    assert floor.path(first) == [("MUG", "A-1", 1), ("MUG", "B-1", 1)]
    assert confirm_lists([first, second, pots], at=NOW, by="user:1") == 3
    assert confirm_lists([first, second, pots], at=NOW, by="user:1") == 0
    floor.company.flow()
    assert [floor.units(order) for order in orders] == [[{"picked": 2}]] * 2
    assert sql.run("select distinct state from warehouse_pick_list") == [("done",)]


def test_who_confirms_what_the_bin_does_not_hold_is_sent_to_another(floor: Floor) -> None:
    first, _, order, _ = _two_lists_of_one_bin(floor)
    _carry_away(4)
    (pick, *_), *_ = floor.picks(first)

    with pytest.raises(NotToPick, match="2 from BER/B-1 instead"):
        confirm_pick(pick, 2, at=NOW, by="user:1")

    pick = floor.picks(first)[-1][0]
    confirm_pick(pick, 2, at=NOW, by="user:1")
    floor.company.flow()
    assert floor.units(order) == [{"picked": 2}]
    assert sql.run("select state from warehouse_pick_list where id = %s", (first,)) == [("done",)]


def test_a_count_that_breaks_a_promise_takes_the_pick_off_and_sends_the_other_elsewhere(floor: Floor) -> None:
    floor.stow("MUG", A_1=4)
    orders = floor.sell(("MUG", 2)), floor.sell(("MUG", 2))
    lists = floor.make_list(orders_max=1), floor.make_list(orders_max=1)
    floor.stow("MUG", B_1=2)
    ask_for_count("BER/A-1", "MUG", because="looks empty", at=NOW, by="user:2")
    ((task,),) = sql.run("select id from warehouse_count_task")

    assert [count(task, 0, at=NOW, by=who) for who in ("user:2", "user:3")] == ["recount", "done"]
    floor.company.flow()

    assert confirm_lists(lists, at=NOW, by="user:1") == 2
    assert sorted(str(floor.units(order)) for order in orders) == ["[{'open': 2}]", "[{'picked': 2}]"]
