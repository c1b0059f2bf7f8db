"""What marketplaces do by the clock, and when a defect was told."""

import contextlib

from django.db import transaction
from django.utils.timezone import now
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from quartermaster.core.jobs import lets_go
from quartermaster.marketplaces import actions


@app.periodic(cron="37 * * * *")
@app.task(name="marketplaces.count", queueing_lock="marketplaces.count")
@lets_go
def count(timestamp: int) -> None:
    """Every measure of every marketplace is counted anew from the rows."""
    actions.count(at=now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="marketplaces.ask", queueing_lock="marketplaces.ask")
@lets_go
def ask(timestamp: int) -> None:
    """Each marketplace is asked once a day how we stand by its own count."""
    while actions.ask_standing():
        pass


def count_soon() -> None:
    """Let a worker count now. One that waits already will see what is there by then."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        count.configure().defer(timestamp=0)
