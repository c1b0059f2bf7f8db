"""Bins are counted while stock moves: blind, by two people where they differ, posted without a false word."""

from datetime import timedelta

import pytest

from quartermaster.core import sql
from quartermaster.stock.actions import Move, post
from quartermaster.warehouse.actions import (
    approve_count,
    ask_for_count,
    confirm_pick,
    count,
    count_again,
    pick_short,
    save_cycle,
    schedule_counts,
    start_count,
)
from quartermaster.warehouse.actions.count import CountedBefore, CountWaits
from quartermaster.warehouse.queries.board import count_tasks
from quartermaster.warehouse.queries.counts import counts_waiting, next_count, settled
from quartermaster.warehouse.rules.cycle import Cycle

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]

ANNA, BEN, CLEO = "user:2", "user:3", "user:4"


def minute(n: int):
    return NOW + timedelta(minutes=n)


def asked(place: str = "BER/A-1", sku: str = "MUG") -> int:
    ask_for_count(place, sku, because="looks odd", at=NOW, by="user:1")
    return int(sql.run("select max(id) from warehouse_count_task")[0][0])


def moved(floor: Floor, units: int, source: str, target: str, at: int) -> None:
    ((sku_id,),) = sql.run("select id from catalog_sku where code = 'MUG'")
    post([Move(f"m:{at}", sku_id, units, source, target, "moved")], by="user:9", at=minute(at))


def task(task_id: int) -> tuple[str, str, int, int, int]:
    found = sql.run(
        "select state, settled, over, under, adjusted from warehouse_count_task where id = %s", (task_id,)
    )
    return found[0]  # type: ignore[return-value]


def _a_busy_count(floor: Floor, lost: int) -> int:
    """G14: twenty lie there by the ledger, `lost` fewer in truth; four are picked and ten put away while
    somebody counts, and says the truth of that moment."""
    floor.stow("MUG", A_1=20)
    for _ in range(4):
        floor.sell(("MUG", 1))
    made = floor.make_list()
    picks = [pick for pick, *_ in floor.picks(made)]
    counting = asked()
    start_count(counting, at=minute(0), by=ANNA)
    for n in (0, 1):
        confirm_pick(picks[n], 1, at=minute(1 + n), by="user:1")
    moved(floor, 10, "world:supplier", "BER/A-1", 3)
    for n in (2, 3):
        confirm_pick(picks[n], 1, at=minute(2 + n), by="user:1")
    count(counting, 26 - lost, at=minute(9), by=ANNA)
    floor.company.flow()
    return counting


def test_four_picks_and_a_put_away_during_a_count_are_no_difference(floor: Floor) -> None:
    counting = _a_busy_count(floor, lost=0)

    assert task(counting) == ("done", "agrees", 0, 0, 0)
    assert floor.lying("MUG") == {"A-1 available": 26, "BER picked": 4}
    assert sql.run("select from stock_movement where starts_with(document, 'count:')") == []


def test_what_is_really_lost_in_a_busy_bin_is_found_and_posted_once(floor: Floor) -> None:
    counting = _a_busy_count(floor, lost=9)  # 17: fewer than the bin ever held meanwhile

    assert task(counting)[0] == "recount"
    start_count(counting, at=minute(20), by=BEN)
    moved(floor, 5, "BER/A-1", "BER/B-1", 21)
    assert count(counting, 12, at=minute(25), by=BEN) == "done"

    assert task(counting) == ("done", "twice", 0, 9, -9)
    assert floor.lying("MUG") == {"A-1 available": 12, "B-1 available": 5, "BER picked": 4}
    said = sql.run(
        "select because, document, quantity from stock_movement where starts_with(document, 'count:')"
    )
    assert said == [("counted (twice)", f"count:{counting}", 9)]


def test_a_number_that_the_bin_held_before_a_pick_is_looked_at_again(floor: Floor) -> None:
    floor.stow("MUG", A_1=10)
    counting = asked()
    start_count(counting, at=NOW, by=ANNA)
    moved(floor, 3, "BER/A-1", "BER/B-1", 2)

    assert count(counting, 10, at=minute(5), by=ANNA) == "recount"
    assert count(counting, 7, at=minute(9), by=BEN) == "done"
    assert task(counting) == ("done", "agrees", 0, 0, 0)


def test_a_pick_that_is_told_late_is_no_difference_for_the_second_counter(floor: Floor) -> None:
    floor.stow("MUG", A_1=10)
    counting = asked()
    assert count(counting, 8, at=minute(5), by=ANNA) == "recount"
    moved(floor, 2, "BER/A-1", "BER", 3)  # it happened before the count and is heard after it

    assert count(counting, 8, at=minute(9), by=BEN) == "done"
    assert floor.lying("MUG") == {"A-1 available": 8, "BER available": 2}


def test_nobody_counts_a_bin_twice(floor: Floor) -> None:
    floor.stow("MUG", A_1=10, A_2=5)
    first, second = asked(), asked("BER/A-2")
    assert count(first, 7, at=NOW, by=ANNA) == "recount"
    assert count(first, 7, at=minute(1), by=ANNA) == "recount"  # the same again does nothing
    with pytest.raises(CountedBefore, match="said 7"):
        count(first, 8, at=minute(2), by=ANNA)

    assert [one.id for one in count_tasks(but=ANNA).items] == [str(second)]
    assert [one.id for one in count_tasks(but=BEN).items] == [str(first), str(second)]
    assert (next_count(first, by=ANNA), next_count(second, by=BEN)) == (second, first)
    assert count(first, 7, at=minute(3), by=BEN) == "done"


def test_what_is_worth_much_waits_for_a_lead_and_moves_on_meanwhile(floor: Floor) -> None:
    floor.stow("MUG", A_1=10)
    sql.run("update catalog_sku set cost_minor = 4000, currency = 'EUR'")
    counting = asked()
    count(counting, 7, at=NOW, by=ANNA)
    assert count(counting, 7, at=minute(1), by=BEN) == "approval"
    with pytest.raises(CountWaits):
        count(counting, 7, at=minute(2), by=CLEO)
    (waiting,) = counts_waiting().items
    assert (waiting.under, waiting.value.minor if waiting.value else None) == (3, 12_000)
    assert [(one.counted, one.expected) for one in waiting.said] == [(7, 10), (7, 10)]
    assert floor.lying("MUG") == {"A-1 available": 10}
    moved(floor, 4, "BER/A-1", "BER/B-1", 30)

    for _ in range(2):
        approve_count(counting, at=minute(60), by="user:1")

    assert floor.lying("MUG") == {"A-1 available": 3, "B-1 available": 4}
    assert task(counting) == ("done", "approved", 0, 3, -3)


def test_a_lead_who_believes_nobody_has_it_counted_all_over(floor: Floor) -> None:
    floor.stow("MUG", A_1=10)
    counting = asked()
    for counted, who in ((7, ANNA), (6, BEN), (5, CLEO)):
        state = count(counting, counted, at=NOW, by=who)
    assert state == "approval"

    count_again(counting, because="all three were in a hurry", at=NOW, by="user:1")

    assert count(counting, 10, at=minute(5), by=ANNA) == "done"
    assert floor.lying("MUG") == {"A-1 available": 10}


def test_a_picker_who_found_nothing_and_a_counter_agree(floor: Floor) -> None:
    floor.stow("MUG", A_1=5)
    floor.sell(("MUG", 2))
    ((pick, *_),) = floor.picks(floor.make_list())
    pick_short(pick, 0, at=NOW, by="user:1")
    ((counting,),) = sql.run("select id from warehouse_count_task")

    assert count(counting, 0, at=minute(5), by=ANNA) == "done"
    assert task(counting) == ("done", "twice", 0, 5, -5)
    assert floor.lying("MUG") == {}


def test_the_picker_alone_is_not_two_people(floor: Floor) -> None:
    floor.stow("MUG", A_1=5)
    floor.sell(("MUG", 2))
    ((pick, *_),) = floor.picks(floor.make_list())
    pick_short(pick, 0, at=NOW, by="user:1")
    ((counting,),) = sql.run("select id from warehouse_count_task")

    assert count(counting, 0, at=minute(5), by="user:1") == "recount"
    assert count(counting, 4, at=minute(6), by=ANNA) == "recount"
    assert count(counting, 4, at=minute(7), by=BEN) == "done"
    assert floor.lying("MUG") == {"A-1 available": 4}


def test_a_bin_that_a_pick_empties_is_looked_at(floor: Floor) -> None:
    floor.stow("MUG", A_1=2)
    floor.stow("POT", A_2=2)
    floor.sell(("MUG", 2), ("POT", 1))
    floor.picked()
    kinds = sql.run(
        "select p.code, t.kind from warehouse_count_task t join stock_place p on p.id = t.place_id"
    )
    assert kinds == [("BER/A-1", "zero")]
    ((counting,),) = sql.run("select id from warehouse_count_task")
    assert count(counting, 1, at=NOW, by=ANNA) == "recount"
    assert count(counting, 1, at=NOW, by=BEN) == "done"
    assert floor.lying("MUG") == {"A-1 available": 1, "BER picked": 2}


def test_who_does_not_want_that_switches_it_off(floor: Floor) -> None:
    save_cycle(Cycle(zero=False), at=NOW, by="user:1")
    floor.stow("MUG", A_1=1)
    floor.sell(("MUG", 1))
    floor.picked()
    assert sql.run("select from warehouse_count_task") == []


def test_a_day_has_the_most_urgent_bins_and_no_bin_twice(floor: Floor) -> None:
    floor.stow("MUG", A_1=5, A_2=5)
    floor.stow("POT", B_1=5)
    floor.sell(("MUG", 5))
    sql.run("update orders_order set placed_at = %s", (NOW - timedelta(days=1),))
    save_cycle(Cycle(per_day=2, by="velocity"), at=NOW, by="user:1")

    assert schedule_counts(at=NOW, by="system") == 2
    assert schedule_counts(at=NOW, by="system") == 0
    assert [(one.place, one.because) for one in count_tasks().items] == [
        ("BER/A-1", "class A, never counted"),
        ("BER/A-2", "class A, never counted"),
    ]
    for one in count_tasks().items:
        count(int(one.id), 5, at=NOW, by=ANNA)
    assert schedule_counts(at=NOW + timedelta(days=1), by="system") == 1
    assert [(one.place, one.because) for one in count_tasks().items] == [
        ("BER/B-1", "class C, never counted")
    ]
    (right,) = settled(since=NOW - timedelta(days=1), until=minute(1))
    assert (right.location, right.abc, right.counts, right.right) == ("BER", "A", 2, 2)


def test_serial_numbers_that_were_swapped_are_both_told(floor: Floor) -> None:
    floor.stow("CAM", serials=("C1", "C2"), A_1=1)
    counting = asked(sku="CAM")
    assert count(counting, 2, serials=["C1", "C9"], at=NOW, by=ANNA) == "recount"
    assert count(counting, 2, serials=["C9", "C1"], at=minute(1), by=BEN) == "done"
    assert task(counting) == ("done", "twice", 1, 1, 0)
    assert sql.run("select serial from stock_balance where quantity > 0 and place_id > 0 order by 1") == [
        ("C1",),
        ("C9",),
    ]
