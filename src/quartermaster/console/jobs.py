"""What the console does by the clock."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.console.floor.actions import forget_scans
from quartermaster.core.jobs import lets_go

log = logging.getLogger(__name__)


@app.periodic(cron="50 2 * * *")
@app.task(name="console.forget_scans", queueing_lock="console.forget_scans")
@lets_go
def forget(timestamp: int) -> None:
    """Scans of long ago are forgotten: what they did stays."""
    log.info("%s scans forgotten", forget_scans(at=datetime.fromtimestamp(timestamp, UTC)))
