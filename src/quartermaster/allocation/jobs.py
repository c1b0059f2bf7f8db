"""What allocation does by the clock."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.allocation.actions import reconsider_all
from quartermaster.core.jobs import lets_go


@app.periodic(cron="*/15 * * * *")
@app.task(name="allocation.reconsider", queueing_lock="allocation.reconsider")
@lets_go
def reconsider(timestamp: int) -> None:
    """Orders that wait because of routing are asked again: a site may have capacity now, or a new day."""
    reconsider_all(at=datetime.fromtimestamp(timestamp, UTC))
