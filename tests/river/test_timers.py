"""The clock of the floor, from the release to the hand-over."""

from datetime import datetime, timedelta

import pytest

from quartermaster.core import sql
from quartermaster.orders.actions import hold, release_hold
from quartermaster.warehouse.actions import confirm_lists, pack_all
from quartermaster.warehouse.actions.run_timers import Run, run_timers
from quartermaster.warehouse.actions.write_targets import write_targets
from quartermaster.warehouse.queries.timers import COUNTS, KINDS, OF_KIND, PAGE, counted, timers
from quartermaster.warehouse.rules.timers import Target, Targets

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]
HOUR = timedelta(hours=1)


@pytest.fixture
def order(floor: Floor) -> int:
    floor.stow("MUG", A_1=9)
    return floor.sell(("MUG", 2))


def started() -> datetime:
    ((at,),) = sql.run("select started_at from warehouse_timer")
    assert isinstance(at, datetime)
    return at


def listed(at: datetime, **filters: str) -> dict[str, list[tuple[str, str]]]:
    found = {
        kind: [(row.order, row.stage) for row in timers(kind, at=at, **filters).items]  # type: ignore[arg-type]
        for kind in KINDS
    }
    assert {kind: len(rows) for kind, rows in found.items()} == counted(at=at, **filters)  # type: ignore[arg-type]
    return {kind: rows for kind, rows in found.items() if rows}


def test_an_order_is_timed_from_its_release_until_it_leaves(floor: Floor, order: int):
    assert run_timers(at=NOW, by="test") == Run(1, 0, 0)
    assert run_timers(at=NOW, by="test") == Run(0, 0, 0)
    begun = started()
    assert listed(begun) == {"next": [(f"SO-{order}", "pick")]}
    assert listed(begun, site="WAW") == listed(begun, stage="pack") == {}

    late = begun + 5 * HOUR
    assert run_timers(at=late, by="test").breached == 1
    assert run_timers(at=late + HOUR, by="test").breached == 0
    assert listed(late) == {"breached": [(f"SO-{order}", "pick")]}
    told = "select body->>'stage' from core_event where name = 'TimerBreached' and subject = %s"
    assert sql.run(told, (f"order:SO-{order}",)) == [("pick",)]

    floor.picked()
    run_timers(at=late, by="test")
    ((stage, picked_at),) = sql.run("select stage, picked_at from warehouse_timer")
    assert (stage, picked_at) == ("pack", NOW)
    pack_all([order], at=NOW, by="user:1")
    floor.company.flow()
    run_timers(at=late, by="test")
    assert sql.run("select stage, packed_at from warehouse_timer") == [("dispatch", NOW)]


def test_a_hold_stops_the_clock(floor: Floor, order: int):
    run_timers(at=NOW, by="test")
    begun = started()
    hold(f"SO-{order}", kind="manual", because="the customer asked to wait", at=NOW, by="user:1")
    floor.company.flow()
    run_timers(at=begun + HOUR, by="test")
    assert listed(begun + 9 * HOUR) == {}
    assert run_timers(at=begun + 9 * HOUR, by="test").breached == 0
    release_hold(f"SO-{order}", kind="manual", because="they called", at=NOW, by="user:1")
    floor.company.flow()
    run_timers(at=begun + 10 * HOUR, by="test")
    assert sql.run("select next_due_at from warehouse_timer") == [(begun + 13 * HOUR,)]


def test_at_the_pace_of_the_last_hour_the_last_of_the_queue_will_be_late(floor: Floor):
    """Three orders with an hour each; one was picked in the last hour, so the second of the rest is late."""
    quick = Targets(1, (Target("Quick", pick_minutes=90),))
    write_targets(quick, because="season", version=1, at=NOW, by="test")
    floor.stow("MUG", A_1=9)
    first, second, third = (floor.sell(("MUG", 1), order_id=5_000_000_010 + n) for n in range(3))
    run_timers(at=NOW, by="test")
    confirm_lists([floor.make_list(only=[first])], at=NOW, by="user:1")
    floor.company.flow()
    run_timers(at=NOW, by="test")
    sql.run("update warehouse_timer set next_due_at = %s where stage = 'pick'", (NOW + 1.5 * HOUR,))
    assert listed(NOW) == {"next": [(f"SO-{second}", "pick")], "breaching": [(f"SO-{third}", "pick")]}


def test_a_page_reads_the_timers_that_run_and_no_others(floor: Floor, order: int):
    run_timers(at=NOW, by="test")
    sql.run("alter table warehouse_timer disable trigger all")
    sql.run(
        """insert into warehouse_timer (allocation_id, order_id, location_id, target, started_at, stage)
           select 1000000 + n, t.order_id, t.location_id, '', t.started_at, 'done'
           from warehouse_timer t, generate_series(1, 20000) n"""
    )
    sql.run("analyze warehouse_timer")
    asked = {"at": NOW, "site": "", "stage": "", "sites": None, "after": 0, "limit": 51}
    for query in (PAGE.format(kind=OF_KIND["breached"]), COUNTS):
        plan = "\n".join(row[0] for row in sql.run("explain " + query, asked, prepare=False))
        assert "timer_under_way" in plan
        assert "Seq Scan on warehouse_timer" not in plan, plan
