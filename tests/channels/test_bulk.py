"""Many rows through a shop's own door: what is in it is held, and no older number stands over a newer."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest

from quartermaster.channels.actions import (
    make_list,
    prune,
    push_now,
    push_prices,
    see_to_bulk,
    set_policy,
    set_pricing,
    switch,
    work_out,
    work_out_prices,
)
from quartermaster.channels.actions.push import push_stock
from quartermaster.channels.queries.bulk import under_way
from quartermaster.channels.rules.bulk import SETTLE
from quartermaster.core import plugs, sql
from quartermaster.core.moment import now
from quartermaster.core.outside import Missing, NotDone, Throttled, Unclear
from quartermaster.testing.shelves import InventedBulk, InventedShelves, plugged

from .conftest import AT, examined
from .doors import Door
from .priced import price, put, work

CODES = [f"S{n}" for n in range(4)]


@pytest.fixture
def door(db: None, monkeypatch: pytest.MonkeyPatch) -> Door:
    shelves = InventedShelves()
    bulk = InventedBulk(shelves)
    known = plugged(shelves, plugs.installed(), bulk=bulk)
    monkeypatch.setattr(plugs, "installed", lambda: known)
    return Door(shelves, bulk)


def fails(step: str, trouble: Exception) -> Callable[[str], None]:
    def call(at: str) -> None:
        if at == step:
            raise trouble

    return call


class Killed(BaseException):
    """The process ends here."""


def told() -> list[str]:
    found = sql.run("select name from core_event where name in ('BulkBegun', 'BulkEnded') order by id")
    return [name for (name,) in found]


def looked_after(door: Door) -> None:
    see_to_bulk()
    door.due()
    see_to_bulk()


def test_many_rows_go_in_one_write_and_few_the_quick_way(door: Door) -> None:
    door.full(*CODES)
    push_stock()
    assert door.shelves.writes == []
    see_to_bulk()
    assert door.shelves.writes == []
    assert [len(rows) for _, rows in door.bulk.begun.values()] == [4]
    door.bulk.work_off()
    door.again()
    assert [door.row(code).confirmed for code in CODES] == [5] * 4
    door.move("S0", -1)
    door.work()
    assert (door.row("S0").confirmed, len(door.bulk.begun)) == (4, 1)
    assert door.tickets() == [("over", "done")]
    assert examined() == {}
    assert told() == ["BulkBegun", "BulkEnded"]


def test_a_newer_number_waits_for_the_end_of_the_write_and_then_goes_out(door: Door) -> None:
    door.full(*CODES)
    push_stock()
    see_to_bulk()
    door.move("S0", -2)
    for _ in range(3):
        door.again()
    assert door.shelves.writes == []
    assert (door.row("S0").state, door.row("S0").wanted) == ("sent", 3)
    door.bulk.work_off()
    door.rested()
    assert door.sent("S0") == [5, 3]
    assert door.has("S0")[0] == 3


def test_what_changes_before_it_is_laid_out_goes_as_it_is_then(door: Door) -> None:
    door.full(*CODES)
    push_stock()
    door.move("S0", -2)
    work_out()
    door.rested()
    assert door.sent("S0") == [3]


def test_what_a_sale_takes_away_goes_the_quick_way_beside_a_full_push(door: Door) -> None:
    door.full("SOLD", *CODES)
    door.rested()
    push_now("east", at=now(), by="user:1")
    door.move("SOLD", -1)
    work_out()
    push_stock()
    assert door.has("SOLD")[0] == 4
    assert [state for state, _ in door.tickets()] == ["over", "ready"]
    door.rested()


def test_no_more_rows_than_a_write_takes_and_no_more_writes_than_are_allowed(door: Door) -> None:
    door.shelves.rows_max = 1
    door.full(*(f"S{n:02}" for n in range(14)))
    for _ in range(3):
        push_stock()
    see_to_bulk()
    assert [len(rows) for _, rows in door.bulk.begun.values()] == [5, 5]
    assert len(door.shelves.writes) == 3
    door.rested()
    assert len(door.shelves.writes) == 14


@pytest.mark.parametrize("step", ["lay", "begin"])
def test_what_surely_was_not_begun_goes_the_quick_way(door: Door, step: str) -> None:
    door.bulk.before = fails(step, Throttled("too often", now() + timedelta(hours=1)))
    door.full(*CODES)
    push_stock()
    see_to_bulk()
    assert door.tickets() == [("over", "void")]
    door.work()
    assert (door.has("S0")[0], door.bulk.begun) == (5, {})
    assert examined() == {}


def test_while_many_more_are_worked_out_they_are_waited_for(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.bulk.bulk_max = 100
    monkeypatch.setattr(import_module("quartermaster.channels.actions.work_out"), "BATCH", 4)
    door.full(*CODES, *(f"T{n}" for n in range(6)))
    assert (push_stock(), door.tickets(), door.shelves.writes) == (0, [], [])
    work_out()
    assert (push_stock(), door.tickets()) == (8, [("ready", "")])
    door.bulk.work_off()
    door.rested()
    assert [door.has(code)[0] for code in (*CODES, "T5")] == [5] * 5


def test_one_that_is_not_let_in_yet_keeps_its_rows_until_its_turn(door: Door) -> None:
    door.bulk.before = fails("begin", Throttled("too often", now() + timedelta(minutes=2)))
    door.full(*CODES)
    push_stock()
    see_to_bulk()
    door.bulk.before = lambda step: None
    assert door.tickets() == [("ready", "")]
    assert examined() == {}
    assert see_to_bulk() == 0
    door.move("S0", -2)
    assert door.again() > 0
    door.bulk.work_off()
    door.rested()
    assert (door.tickets(), len(door.bulk.begun)) == ([("over", "done")], 1)
    assert (door.sent("S0"), door.sent("S1")) == ([3], [5])


@pytest.mark.parametrize("is_begun", [True, False])
def test_a_lost_answer_holds_the_rows_until_nothing_unknown_is_under_way(door: Door, is_begun: bool) -> None:
    when = "after" if is_begun else "before"
    setattr(door.bulk, when, fails("begin", Unclear("timed out")))
    door.full(*CODES)
    push_stock()
    see_to_bulk()
    setattr(door.bulk, when, lambda step: None)
    door.move("S0", -2)
    for _ in range(3):
        door.again()
    assert (door.shelves.writes, door.tickets()) == ([], [("beginning", "")])
    door.aged(SETTLE)
    door.again()
    assert door.tickets() == [("beginning", "") if is_begun else ("over", "unclear")]
    door.bulk.work_off()
    door.rested()
    assert (door.has("S0")[0], len(door.bulk.begun)) == (3, 1)
    assert door.sent("S0") == ([5, 3] if is_begun else [3])


@pytest.mark.parametrize("place", ["lay", "begin", "begun", "progress"])
def test_a_worker_that_dies_at_any_step_is_followed_by_another(door: Door, place: str) -> None:
    """begun: the shop has begun, and nobody wrote down how it calls it."""
    when, step = ("after", "begin") if place == "begun" else ("before", place)
    setattr(door.bulk, when, fails(step, Killed()))  # type: ignore[arg-type]
    door.full(*CODES)
    push_stock()
    with pytest.raises(Killed):
        looked_after(door)
    setattr(door.bulk, when, lambda step: None)
    door.move("S0", -2)
    for _ in range(3):
        door.again()
    assert door.shelves.writes == []
    door.aged(SETTLE)
    door.rested()
    assert [door.has(code)[0] for code in CODES] == [3, 5, 5, 5]
    assert door.sent("S0")[-1] == 3
    assert len(door.bulk.begun) <= 2


def test_a_worker_that_wakes_late_begins_nothing_that_is_forgotten(door: Door) -> None:
    """It stood still between its last look and its call, until its rows were with others."""

    def sleeps(step: str) -> None:
        if step != "begin":
            return
        door.bulk.before = lambda step: None
        door.bulk.bulk_from = 100
        door.aged(SETTLE)
        for _ in range(3):
            door.again()
        door.move("S0", -2)
        door.work()

    door.bulk.before = sleeps
    door.full(*CODES)
    push_stock()
    see_to_bulk()
    assert door.has("S0")[0] == 3
    assert ("left", "") in door.tickets()
    door.bulk.work_off()
    assert door.has("S0")[0] == 5
    door.rested()
    assert [door.has(code)[0] for code in CODES] == [3, 5, 5, 5]


def test_one_that_died_leaves_its_rows_to_be_looked_at(door: Door) -> None:
    door.bulk.ends = "died"
    door.full(*CODES)
    push_stock()
    see_to_bulk()
    door.bulk.work_off()
    door.due()
    see_to_bulk()
    assert door.tickets() == [("over", "died")]
    assert {door.row(code).state for code in CODES} == {"asked"}
    door.bulk.ends = "over"
    door.rested()
    assert [door.has(code)[0] for code in CODES] == [5] * 4


def test_one_that_never_ends_lets_its_rows_go_and_is_looked_after(door: Door) -> None:
    door.full(*CODES)
    push_stock()
    see_to_bulk()
    door.bulk.bulk_from = 100
    door.move("S0", -2)
    door.aged(timedelta(hours=9))
    door.due()
    door.bulk.before = fails("stop", NotDone("not reachable"))
    see_to_bulk()
    assert door.tickets() == [("open", "")]
    door.bulk.before = lambda step: None
    door.again()
    assert door.tickets() == [("left", "")]
    sql.run("update channels_bulk set next_at = now() + interval '1 day'")
    door.settle()
    assert door.sent("S0") == [3]
    door.bulk.work_off()  # over the newer number
    assert door.has("S0")[0] == 5
    door.rested()
    assert door.has("S0")[0] == 3


def test_one_that_the_shop_forgot_is_over(door: Door) -> None:
    door.full(*CODES)
    push_stock()
    see_to_bulk()
    door.bulk.before = fails("progress", Missing("no such write"))
    door.due()
    see_to_bulk()
    assert door.tickets() == [("over", "died")]


def test_a_row_that_is_left_off_meanwhile_is_held_all_the_same(door: Door) -> None:
    door.full(*CODES)
    push_stock()
    see_to_bulk()
    sql.run("update channels_listing set turn = turn + 1, state = 'due' where name = 'L-S0'")
    door.move("S0", -2)
    door.again()
    assert door.shelves.writes == []
    set_policy("east", {"L-S1": {"is_pushed": False}}, at=AT, by="user:1")
    door.bulk.work_off()
    door.rested()
    assert (door.has("S0")[0], door.row("S1").state) == (3, "idle")


def test_a_shop_that_is_only_read_begins_nothing(door: Door) -> None:
    door.full(*CODES)
    push_stock()
    switch("east", mode="observe", at=AT, by="user:1")
    see_to_bulk()
    assert (door.tickets(), door.bulk.begun) == ([("over", "void")], {})
    assert examined() == {}


def test_prices_go_the_same_way(door: Door) -> None:
    door.full(*CODES)
    door.rested()
    make_list("Retail", "EUR", at=AT, by="user:1")
    set_pricing("east", {"mode": "live", "price_list": "Retail"}, at=AT, by="user:1")
    put(dict.fromkeys(CODES, 1100))
    work_out_prices()
    push_prices()
    see_to_bulk()
    put({"S0": 1050})
    assert work_out_prices() + push_prices() + see_to_bulk() > 0
    assert (door.shelves.priced, price("S0")[:3]) == ([], (1050, 1000, "sent"))
    door.bulk.work_off()
    door.due()
    see_to_bulk()
    work()
    assert door.shelves.sent_prices("east")[-1] == ("L-S0", 1050)
    assert [door.shelves.costs("east", code) for code in CODES] == [1050, 1100, 1100, 1100]
    assert [one.what for one in under_way("east", "prices")] == []
    assert door.tickets()[-1] == ("over", "done")
    assert examined() == {}


def test_a_price_that_has_another_beside_it_goes_the_quick_way(door: Door) -> None:
    door.shelves.was["east"] = {"REDUCED": 1500}
    door.full(*CODES, "REDUCED")
    door.rested()
    make_list("Retail", "EUR", at=AT, by="user:1")
    set_pricing("east", {"mode": "live", "price_list": "Retail"}, at=AT, by="user:1")
    put(dict.fromkeys([*CODES, "REDUCED"], 1100))
    work_out_prices()
    push_prices()
    assert door.shelves.sent_prices("east") == [("L-REDUCED", 1100)]
    assert [one.rows for one in under_way("east", "prices")] == [len(CODES)]


def test_what_is_under_way_is_shown(door: Door) -> None:
    door.full(*CODES)
    push_stock()
    (shown,) = under_way("east", "stock")
    assert (shown.rows, shown.state, under_way("east", "prices")) == (4, "ready", [])


def test_a_shop_that_has_it_switched_off_is_told_the_quick_way(door: Door) -> None:
    door.bulk.is_switched_on = False
    door.full(*CODES)
    door.work()
    assert (len(door.shelves.writes), door.tickets()) == (1, [])


def test_the_doctor_finds_a_row_whose_write_is_over(door: Door) -> None:
    door.full(*CODES)
    push_stock()
    sql.run("update channels_bulk set state = 'over', over_at = now(), outcome = 'done'")
    assert len(examined()["channels.bulk"]) == 4
    sql.run("update channels_listing set bulk_id = null")
    assert prune(at=now() + timedelta(days=30)) == 0
    assert door.tickets() == []


def test_a_hundred_rows_cost_as_many_statements_as_four(door: Door) -> None:
    door.bulk.bulk_max = 100
    door.full(*CODES)
    with sql.counted() as few:
        push_stock()
        looked_after(door)
    door.bulk.work_off()
    door.rested()
    door.full(*(f"T{n:02}" for n in range(30)))
    with sql.counted() as many:
        push_stock()
        looked_after(door)
    assert len(few) == len(many)
