"""Waves that a worker plans: once each, whatever becomes of the workers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from quartermaster.core import sql
from quartermaster.core.river import signal
from quartermaster.warehouse.actions import ask_for_preview, ask_for_wave, plan_wave, plan_waves
from quartermaster.warehouse.actions.ask_wave import HOLD, PREVIEWS_MAX, PlanUnderWay, TooManyPreviews
from quartermaster.warehouse.queries.wave_plans import plan_under_way, wave_plan
from quartermaster.warehouse.rules.grouping import Mode
from quartermaster.warehouse.rules.wanted import WaveWanted

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]


def asked() -> tuple[str, int, str]:
    """State, tries and reason of the plan that was asked for last."""
    ((state, tries, because),) = sql.run(
        "select state, tries, because from warehouse_wave_plan order by id desc limit 1"
    )
    return state, tries, because


def test_a_wave_is_planned_once_whatever_becomes_of_the_workers(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.stow("MUG", A_1=9)
    floor.sell(("MUG", 1))
    wanted = WaveWanted(location="BER", mode=Mode.BATCH)
    plan_id = ask_for_wave(wanted, release=True, at=NOW, by="user:1")
    with pytest.raises(PlanUnderWay):
        ask_for_wave(wanted, release=True, at=NOW, by="user:2")

    ((site,),) = sql.run("select location_id from warehouse_wave_plan")
    other = signal.dedicated("another worker")
    other.execute(HOLD, (site,))
    assert plan_waves(at=NOW) == 0  # another worker is at it
    pid = other.info.backend_pid
    other.close()  # and dies
    while sql.run("select from pg_stat_activity where pid = %s", (pid,)):
        pass

    def killed(wanted: WaveWanted, *, also: Callable[[int], None], **given: Any) -> int | None:
        def dies(wave: int) -> None:
            also(wave)
            raise RuntimeError("killed")

        return plan_wave(wanted, also=dies, **given)

    with monkeypatch.context() as patched:
        patched.setattr("quartermaster.warehouse.actions.ask_wave.plan_wave", killed)
        with pytest.raises(RuntimeError):
            plan_waves(at=NOW)
    assert sql.run("select count(*) from warehouse_wave") == [(0,)]
    assert asked() == ("planning", 1, "")

    assert plan_waves(at=NOW) == 1
    assert plan_waves(at=NOW) == 0
    assert asked() == ("done", 2, "")
    ((wave_id, made_by),) = sql.run("select id, made_by from warehouse_wave")
    shown = plan_under_way(site, plan_id)
    assert shown is not None
    assert (shown.wave_id, made_by) == (wave_id, "user:1")


def test_a_plan_that_finds_nothing_or_never_ends_says_so(floor: Floor) -> None:
    ask_for_wave(WaveWanted(location="BER"), release=True, at=NOW, by="user:1")
    assert plan_waves(at=NOW) == 1
    assert asked() == ("nothing", 1, "no released order is what was asked for")
    ask_for_wave(WaveWanted(location="BER"), release=True, at=NOW, by="user:1")
    sql.run("update warehouse_wave_plan set tries = 3 where state = 'waiting'")
    assert plan_waves(at=NOW) == 1
    assert asked() == ("failed", 4, "its planning ended 3 times before it was through")


def test_a_preview_takes_nothing_blocks_nobody_and_is_forgotten(floor: Floor) -> None:
    floor.stow("MUG", A_1=9)
    floor.sell(("MUG", 1))
    wanted = WaveWanted(location="BER")
    looked = ask_for_preview(wanted, at=NOW, by="user:1")
    assert ask_for_preview(wanted, at=NOW, by="user:2") == looked  # the same is looked at once
    made = ask_for_wave(wanted, release=True, at=NOW, by="user:1")
    for orders in range(1, PREVIEWS_MAX):
        ask_for_preview(WaveWanted(location="BER", orders_max=orders), at=NOW, by="user:1")
    with pytest.raises(TooManyPreviews):
        ask_for_preview(WaveWanted(location="BER", orders_max=99), at=NOW, by="user:1")

    assert plan_waves(at=NOW) == PREVIEWS_MAX + 1
    assert (wave_plan(made).state, wave_plan(looked).state) == ("done", "nothing")  # the wave came first
    plan_waves(at=NOW + timedelta(days=2))
    assert sql.run("select id from warehouse_wave_plan") == [(made,)]
