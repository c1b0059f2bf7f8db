"""Turns at an outside system: one count for all who ask."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import now

from quartermaster.connectors.calls import Caller
from quartermaster.connectors.complaints import Complaint
from quartermaster.core import pace, sql
from quartermaster.core.actions.outbox import carry_out, wish
from quartermaster.core.actions.pace import LEAST_S, Counted
from quartermaster.core.effects import Told, effects
from quartermaster.core.outside import Throttled
from quartermaster.core.pace import Limit
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shippo import TOKEN, Shippo

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = Limit("acme/post", 60.0, 3)


def test_a_burst_goes_at_once_and_the_next_waits():
    taken = [Counted().take(SLOW) for _ in range(4)]

    assert taken[:3] == [0, 0, 0]
    assert 55 < taken[3] <= 60


def test_a_turn_comes_back_with_time():
    for _ in range(3):
        Counted().take(SLOW)
    sql.run("update core_pace set next_at = next_at - interval '61 seconds'")

    assert Counted().take(SLOW) == 0
    assert Counted().take(SLOW) > 0


def test_work_that_has_begun_is_finished_and_those_after_it_wait_longer():
    for _ in range(3):
        Counted().take(SLOW)

    assert Counted().take(SLOW, begun=True) == 0
    assert 115 < Counted().take(SLOW) <= 120


def test_a_turn_that_has_become_free_by_now_is_looked_for_at_once(monkeypatch: pytest.MonkeyPatch):
    answers = iter([[], [(-0.02,)]])
    monkeypatch.setattr(sql, "run", lambda statement, asked: next(answers))

    assert Counted().take(SLOW) == LEAST_S


def test_classes_of_calls_are_counted_apart():
    for _ in range(3):
        Counted().take(SLOW)

    assert Counted().take(SLOW._replace(name="acme/get")) == 0


def test_nobody_asks_before_the_moment_the_other_side_names():
    Counted().close(SLOW, now() + timedelta(seconds=90))

    assert 85 < Counted().take(SLOW) <= 90


def caller(url: str, limit: Limit) -> Caller:
    return Caller(
        url,
        name="Acme",
        headers={"Authorization": f"ShippoToken {TOKEN}"},
        complaint=lambda body: Complaint("", ""),
        limit_of=lambda method, path: limit,
    )


def test_what_one_worker_is_told_by_429_the_others_know(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pace, "keepers", [Counted()])
    with Simulator(Shippo()) as simulator:
        simulator.misbehave("find", "429")
        with pytest.raises(Throttled):
            caller(simulator.url, SLOW).look("/transactions", params={"rate": "r"})
        sql.run("update core_pace set next_at = next_at + interval '1 hour'")
        with pytest.raises(Throttled) as waits:
            caller(simulator.url, SLOW).look("/transactions", params={"rate": "r"})

        assert len(simulator.requests) == 1
    assert waits.value.retry_at is not None
    assert waits.value.retry_at > now() + timedelta(minutes=30)


def test_a_call_that_may_come_later_waits_for_its_turn_though_the_work_has_begun(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(pace, "keepers", [Counted()])
    with Simulator(Shippo()) as simulator:
        asked = caller(simulator.url, SLOW._replace(burst=1))
        for _ in range(2):
            asked.look("/transactions", params={"rate": "r"})
        with pytest.raises(Throttled):
            asked.change("POST", "/transactions", {}, is_apart=True)

        assert len(simulator.requests) == 2


def test_what_waits_for_its_turn_burns_no_attempt():
    class Busy:
        def perform(self, *, key: str, body: object) -> Told:
            raise Throttled("not now", now() - timedelta(seconds=1))

        ask = perform

    effects["shop.busy"] = Busy()
    try:
        with transaction.atomic():
            wish(key="a", task="shop.busy", subject="order:SO-1", body={}, due_at=now())
        for _ in range(9):
            assert carry_out() == 1
            sql.run("update core_outbox set due_at = now()")
        ((state, attempts, waited),) = sql.run("select state, attempts, waited from core_outbox")
        carry_out()
        ((pause,),) = sql.run("select due_at - now() from core_outbox")
    finally:
        del effects["shop.busy"]

    assert (state, attempts, waited) == ("queued", 9, 9)
    assert pause < timedelta(seconds=5)
