"""What insight does by the clock, and when much was learned at once."""

import contextlib

from django.db import transaction
from django.utils.timezone import now
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from quartermaster.core.jobs import lets_go
from quartermaster.insight import actions


@app.periodic(cron="7 * * * *")
@app.task(name="insight.refresh", queueing_lock="insight.refresh")
@lets_go
def refresh(timestamp: int) -> None:
    """The overviews that the KPI page opens with are computed anew, from the rows. They end with yesterday,
    so that only what is learned late changes them: once an hour is often enough, and after each import."""
    actions.refresh(at=now())
    actions.watch(at=now())


def refresh_soon() -> None:
    """Let a worker compute them anew. One that waits already will see what is there by then."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        refresh.configure().defer(timestamp=0)
