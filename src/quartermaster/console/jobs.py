"""What the console does by the clock."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.console.exceptions.actions import forget_care
from quartermaster.console.floor.actions import forget_scans
from quartermaster.core.jobs import lets_go

log = logging.getLogger(__name__)


@app.periodic(cron="50 2 * * *")
@app.task(name="console.forget_scans", queueing_lock="console.forget_scans")
@lets_go
def forget(timestamp: int) -> None:
    """Scans of long ago are forgotten: what they did stays."""
    log.info("%s scans forgotten", forget_scans(at=datetime.fromtimestamp(timestamp, UTC)))


@app.periodic(cron="55 2 * * *")
@app.task(name="console.forget_care", queueing_lock="console.forget_care")
@lets_go
def forget_answers(timestamp: int) -> None:
    """What was said of exceptions long ago is forgotten: the trail of it stays."""
    log.info("%s answers to exceptions forgotten", forget_care(at=datetime.fromtimestamp(timestamp, UTC)))
