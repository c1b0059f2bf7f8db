"""What tracking does by the clock."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.jobs import lets_go
from quartermaster.tracking.actions.ask import ask_followers

log = logging.getLogger(__name__)


@app.periodic(cron="7-59/15 * * * *")
@app.task(name="tracking.ask", queueing_lock="tracking.ask")
@lets_go
def ask(timestamp: int) -> None:
    """Whoever follows parcels is asked what changed: a webhook may have been lost."""
    for slug, new in ask_followers(at=datetime.fromtimestamp(timestamp, UTC)).items():
        log.info("%s: %s scans that no webhook had told", slug, new)
