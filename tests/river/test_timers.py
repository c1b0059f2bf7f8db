"""The clock of the floor, from the release to the hand-over."""

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now

from quartermaster.core import sql
from quartermaster.core.pages import position_at
from quartermaster.insight.queries import rows
from quartermaster.insight.queries.document import figures
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.rules.days import Period
from quartermaster.orders.actions import hold, release_hold
from quartermaster.warehouse.actions import close, confirm_lists, open_again, pack_all
from quartermaster.warehouse.actions.run_timers import Run, run_timers
from quartermaster.warehouse.actions.write_targets import write_targets
from quartermaster.warehouse.queries.timer_invariants import timers_that_differ
from quartermaster.warehouse.queries.timers import KINDS, PAGE, counted, counts_of, shown, timers
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
    pack_all([order], at=NOW + HOUR, by="user:1")
    floor.company.flow()
    run_timers(at=late, by="test")
    assert sql.run("select stage, packed_at from warehouse_timer") == [("dispatch", NOW + HOUR)]


def test_how_long_it_took_is_counted_as_it_was_known(floor: Floor, order: int):
    """Packed an hour after the pick, opened, and closed again two hours later: an old report has the hour."""
    run_timers(at=NOW, by="test")
    floor.picked()
    pack_all([order], at=NOW + HOUR, by="user:1")
    floor.company.flow()
    run_timers(at=NOW + HOUR, by="test")
    sql.run("update warehouse_timer_mark set recorded_at = %s", (NOW + HOUR,))
    ((parcel,),) = sql.run("select id from warehouse_parcel")
    open_again(parcel, because="one mug is chipped", at=NOW + 2 * HOUR, by="user:1")
    floor.company.flow()
    run_timers(at=NOW + 2 * HOUR, by="test")
    day = Period(NOW.date(), NOW.date() + timedelta(days=1))
    told, then = (Ask(day, now(), known_at) for known_at in (None, NOW + HOUR))
    packed = [figures(ask)["pack_hours"] for ask in (told, then)]
    assert [(one["value"], one["n"]) for one in packed] == [(None, 0), (1.0, 1)]
    assert [row.subject for row in rows("pack_hours", then).items] == [f"order:SO-{order}"]
    close(parcel, at=NOW + 3 * HOUR, by="user:1")
    floor.company.flow()
    run_timers(at=NOW + 3 * HOUR, by="test")
    assert figures(told)["pack_hours"]["value"] == 3
    assert figures(then)["pack_hours"]["value"] == 1
    assert timers_that_differ() == []
    sql.run("delete from warehouse_timer_mark where stage = 'pick'")
    sql.run("update warehouse_timer set breached = 'pack'")
    assert len(timers_that_differ()) == 2
    sql.run(
        "insert into warehouse_timer_mark (allocation_id, stage, begun_at, done_at) "
        "select allocation_id, 'pick', least(started_at, picked_at), picked_at from warehouse_timer"
    )
    sql.run("update warehouse_timer set breached = ''")


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
    sql.run(
        "update warehouse_timer set next_due_at = %(due)s, pick_due_at = %(due)s where stage = 'pick'",
        {"due": NOW + 1.5 * HOUR},
    )
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
    asked = {"at": NOW, "site": "", "stage": "", "sites": None, "assignee": "", "limit": 51}
    asked |= dict(zip(("after", "after_id"), position_at(""), strict=True))
    for query in (PAGE.format(kind=shown("breached", "open")), counts_of("open")):
        plan = "\n".join(row[0] for row in sql.run("explain " + query, asked, prepare=False))
        assert "timer_under_way" in plan
        assert "Seq Scan on warehouse_timer" not in plan, plan
    sql.run("delete from warehouse_timer where stage = 'done'")
