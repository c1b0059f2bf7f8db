"""What happens once a day."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.channels.actions import prune
from quartermaster.core.jobs import lets_go

log = logging.getLogger(__name__)


@app.periodic(cron="25 3 * * *")
@app.task(name="channels.prune", queueing_lock="channels.prune")
@lets_go
def prune_told(timestamp: int) -> None:
    """Numbers that shops were sent weeks ago are forgotten."""
    log.info("%s numbers forgotten", prune(at=datetime.fromtimestamp(timestamp, UTC)))
