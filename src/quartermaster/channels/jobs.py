"""What channels do by the clock."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.channels.actions import follow_days, prune
from quartermaster.core.jobs import lets_go

log = logging.getLogger(__name__)


@app.periodic(cron="25 3 * * *")
@app.task(name="channels.prune", queueing_lock="channels.prune")
@lets_go
def prune_told(timestamp: int) -> None:
    """Numbers that shops were sent weeks ago are forgotten."""
    log.info("%s numbers forgotten", prune(at=datetime.fromtimestamp(timestamp, UTC)))


@app.periodic(cron="*/15 * * * *")
@app.task(name="channels.shelf_life", queueing_lock="channels.shelf_life")
@lets_go
def shelf_life(timestamp: int) -> None:
    """At a site's midnight lots grow too old for shops that ask for days: they are told fewer."""
    follow_days(at=datetime.fromtimestamp(timestamp, UTC))
