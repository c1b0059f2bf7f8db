"""What happens every hour."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.jobs import lets_go
from quartermaster.inbox.actions.rotate import forget_replaced

log = logging.getLogger(__name__)


@app.periodic(cron="50 * * * *")
@app.task(name="inbox.forget_replaced", queueing_lock="inbox.forget_replaced")
@lets_go
def forget(timestamp: int) -> None:
    """Secrets whose time is over are forgotten."""
    log.info(
        "replaced secrets of %s connections forgotten",
        forget_replaced(at=datetime.fromtimestamp(timestamp, UTC)),
    )
