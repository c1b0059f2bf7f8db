"""What allocation does by the clock."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.allocation.actions import keep_shelf_life, reconsider_all
from quartermaster.core.jobs import lets_go


@app.periodic(cron="*/15 * * * *")
@app.task(name="allocation.reconsider", queueing_lock="allocation.reconsider")
@lets_go
def reconsider(timestamp: int) -> None:
    """Orders that wait because of routing are asked again: a site may have capacity now, or a new day."""
    reconsider_all(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="6-59/15 * * * *")
@app.task(name="allocation.shelf_life", queueing_lock="allocation.shelf_life")
@lets_go
def shelf_life(timestamp: int) -> None:
    """At a site's midnight lots grow too old for channels that ask for days: their orders are served anew."""
    keep_shelf_life(at=datetime.fromtimestamp(timestamp, UTC))
