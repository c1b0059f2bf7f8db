"""Coarse jobs run, once each, and end with their worker."""

import threading

import pytest
from procrastinate.contrib.django import app

from quartermaster.core import sql
from quartermaster.core.river import clock

OURS = "select status from procrastinate_jobs where args->>'timestamp' = '1700000000'"


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_due_runs_and_the_clock_stops_when_told() -> None:
    app.configure_task("core.prune_answers").defer(timestamp=1_700_000_000)
    stop = threading.Event()
    thread = threading.Thread(target=clock.run, kwargs={"stop": stop})
    thread.start()
    try:
        for _ in range(200):
            if sql.run(OURS) == [("succeeded",)]:
                break
            stop.wait(0.1)
        assert sql.run(OURS) == [("succeeded",)]
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
