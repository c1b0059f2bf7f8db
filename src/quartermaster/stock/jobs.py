"""What stock does by the clock."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.jobs import lets_go
from quartermaster.stock.actions import quarantine


@app.periodic(cron="*/15 * * * *")
@app.task(name="stock.quarantine", queueing_lock="stock.quarantine")
@lets_go
def look_at_lots(timestamp: int) -> None:
    """A lot that expired in the night, by its site's own midnight, is not sold in the morning."""
    quarantine(at=datetime.fromtimestamp(timestamp, UTC), by="system")
