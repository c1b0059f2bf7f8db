"""What insight does by the clock."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.jobs import lets_go
from quartermaster.insight import actions


@app.periodic(cron="7 * * * *")
@app.task(name="insight.refresh", queueing_lock="insight.refresh")
@lets_go
def refresh(timestamp: int) -> None:
    """The overviews that the KPI page opens with are computed anew, from the rows. They end with yesterday,
    so that only what is learned late changes them: once an hour is often enough."""
    actions.refresh(at=datetime.fromtimestamp(timestamp, UTC))
