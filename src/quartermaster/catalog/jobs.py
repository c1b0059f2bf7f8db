"""What happens once a day."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.catalog.actions.edit_file import forget_asked
from quartermaster.core.jobs import lets_go

log = logging.getLogger(__name__)


@app.periodic(cron="35 3 * * *")
@app.task(name="catalog.forget_asked", queueing_lock="catalog.forget_asked")
@lets_go
def forget_files(timestamp: int) -> None:
    """Files of products that were looked at and never applied are forgotten."""
    log.info("%s files forgotten", forget_asked(at=datetime.fromtimestamp(timestamp, UTC)))
