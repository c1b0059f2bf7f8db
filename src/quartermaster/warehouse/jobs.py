"""What the warehouse does by the clock."""

import contextlib
from datetime import UTC, datetime

from django.db import transaction
from django.utils.timezone import now
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from quartermaster.core.actions.report import keep_reports
from quartermaster.core.jobs import lets_go
from quartermaster.warehouse import actions
from quartermaster.warehouse.actions import plan_refills, schedule_counts
from quartermaster.warehouse.actions.run_timers import run_timers
from quartermaster.warehouse.queries.counts import SETTLED_LATELY
from quartermaster.warehouse.rules.wanted import WaveWanted


@app.periodic(cron="20 3 * * *")
@app.task(name="warehouse.schedule_counts", queueing_lock="warehouse.schedule_counts")
@lets_go
def schedule(timestamp: int) -> None:
    """Bins whose time has come are on the counters' list before the first shift."""
    schedule_counts(at=datetime.fromtimestamp(timestamp, UTC), by="system")


@app.periodic(cron="*/15 * * * *")
@app.task(name="warehouse.plan_refills", queueing_lock="warehouse.plan_refills")
@lets_go
def refill(timestamp: int) -> None:
    """Pick faces that today's work empties are filled before pickers stand before them."""
    plan_refills(at=datetime.fromtimestamp(timestamp, UTC), by="system")


@app.periodic(cron="* * * * *")
@app.task(name="warehouse.plan_waves", queueing_lock="warehouse.plan_waves")
@lets_go
def plan_waves(timestamp: int) -> None:
    """Waves that were asked for are planned at once; each minute those whose worker died are gone on with."""
    actions.plan_waves(at=now())


def plan_soon(wanted: WaveWanted, *, release: bool, at: datetime, by: str) -> int:
    """Ask for a wave, and wake a worker for it. Returns the number of the plan. Raises as ask_for_wave."""
    plan_id = actions.ask_for_wave(wanted, release=release, at=at, by=by)
    _wake()
    return plan_id


def look_soon(wanted: WaveWanted, *, at: datetime, by: str) -> int:
    """Ask what a wave would take, and wake a worker for it. Returns the number of the plan. Raises as
    ask_for_preview."""
    plan_id = actions.ask_for_preview(wanted, at=at, by=by)
    _wake()
    return plan_id


def _wake() -> None:
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        plan_waves.configure().defer(timestamp=0)


@app.periodic(cron="* * * * *")
@app.task(name="warehouse.timers", queueing_lock="warehouse.timers")
@lets_go
def timers(timestamp: int) -> None:
    """Timers of the floor are looked at every minute: what started, stopped, ended, or took too long."""
    run_timers(at=datetime.fromtimestamp(timestamp, UTC), by="system")


@app.periodic(cron="33 * * * *")
@app.task(name="warehouse.count", queueing_lock="warehouse.count")
@lets_go
def count(timestamp: int) -> None:
    """How right the records were is counted once an hour: months of counts are too many for a page."""
    keep_reports([SETTLED_LATELY], at=datetime.fromtimestamp(timestamp, UTC))
