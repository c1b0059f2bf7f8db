"""Coarse jobs and the cron: what happens a few times a day, not for every order. Procrastinate runs them.

A periodic job runs once however many workers there are: PostgreSQL hands each slot to one of them.
"""

import functools
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection
from procrastinate.contrib.django import app

from quartermaster.core import doctor
from quartermaster.core.actions import answer

log = logging.getLogger(__name__)
_KEPT_HOURS = 7 * 24
_LATE_S = 600  # a job whose worker has been silent this long belongs to a worker that died


def lets_go[**P](job: Callable[P, None]) -> Callable[P, None]:
    """A job runs in a thread that is not kept: its database connection ends with it."""

    @functools.wraps(job)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            job(*args, **kwargs)
        finally:
            connection.close()

    return run


@app.periodic(cron="17 * * * *")
@app.task(name="core.prune_answers", queueing_lock="core.prune_answers")
@lets_go
def prune_answers(timestamp: int) -> None:
    """Forget stored answers that are too old to be asked for again."""
    log.info("%s stored answers forgotten", answer.prune(at=datetime.fromtimestamp(timestamp, UTC)))


@app.periodic(cron="40 2 * * *")
@app.task(name="core.examine", queueing_lock="core.examine")
@lets_go
def examine(timestamp: int) -> None:
    """Every invariant, every night. A broken one is an error in the log, naming its rows."""
    for finding in doctor.examine():
        if finding.rows:
            log.error("broken: %s: %s", finding.check, "; ".join(finding.rows[:10]))


@app.periodic(cron="*/5 * * * *")
@app.task(name="core.revive", queueing_lock="core.revive", pass_context=False)
async def revive(timestamp: int) -> None:
    """Jobs of workers that were killed run again; jobs done long ago are forgotten."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_LATE_S):
        await app.job_manager.retry_job(job)
    await app.job_manager.delete_old_jobs(nb_hours=_KEPT_HOURS)
