"""What the warehouse does by the clock."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.jobs import lets_go
from quartermaster.warehouse.actions import plan_refills, schedule_counts
from quartermaster.warehouse.actions.run_timers import run_timers


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
@app.task(name="warehouse.timers", queueing_lock="warehouse.timers")
@lets_go
def timers(timestamp: int) -> None:
    """Timers of the floor are looked at every minute: what started, stopped, ended, or took too long."""
    run_timers(at=datetime.fromtimestamp(timestamp, UTC), by="system")
