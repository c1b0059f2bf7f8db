"""What is counted of outside sites by the clock."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.actions.report import keep_reports
from quartermaster.core.jobs import lets_go
from quartermaster.outside.queries.board import all_times


@app.periodic(cron="35 * * * *")
@app.task(name="outside.count", queueing_lock="outside.count")
@lets_go
def count(timestamp: int) -> None:
    """How long a site's orders took is counted once an hour: a month of them is too many for a page."""
    keep_reports(all_times(), at=datetime.fromtimestamp(timestamp, UTC))
