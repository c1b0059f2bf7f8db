"""What tracking does by the clock."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from quartermaster.core.actions.report import keep_reports
from quartermaster.core.jobs import lets_go
from quartermaster.shipping.actions import watch_playbooks
from quartermaster.shipping.queries.playbooks import armed
from quartermaster.tracking.actions.ask import ask_followers
from quartermaster.tracking.actions.foresee import foresee
from quartermaster.tracking.actions.learn import learn
from quartermaster.tracking.queries.calibration import PROMISES
from quartermaster.tracking.queries.scorecard import SCORES
from quartermaster.tracking.queries.unscanned import unscanned

log = logging.getLogger(__name__)


@app.periodic(cron="7-59/15 * * * *")
@app.task(name="tracking.ask", queueing_lock="tracking.ask")
@lets_go
def ask(timestamp: int) -> None:
    """Whoever follows parcels is asked what changed: a webhook may have been lost."""
    for slug, new in ask_followers(at=datetime.fromtimestamp(timestamp, UTC)).items():
        log.info("%s: %s scans that no webhook had told", slug, new)


@app.periodic(cron="10 3 * * *")
@app.task(name="tracking.learn", queueing_lock="tracking.learn")
@lets_go
def learn_lanes(timestamp: int) -> None:
    """Lanes learn their days from the parcels that arrived, once a night: promises only look them up."""
    lesson = learn(at=datetime.fromtimestamp(timestamp, UTC), by="tracking")
    log.info("%s lanes have days of their own; %s of %s promises kept", lesson.lanes, lesson.kept, lesson.due)


@app.periodic(cron="23 * * * *")
@app.task(name="tracking.foresee", queueing_lock="tracking.foresee")
@lets_go
def foresee_late(timestamp: int) -> None:
    """What is under way is held against its lane every hour: who will be late, and what was lost."""
    found = foresee(at=datetime.fromtimestamp(timestamp, UTC), by="tracking")
    log.info("%s parcels will likely be late, %s claims proposed", found.at_risk, found.lost)


@app.periodic(cron="* * * * *")
@app.task(name="tracking.playbooks", queueing_lock="tracking.playbooks")
@lets_go
def watch_carriers(timestamp: int) -> None:
    """What is written for carriers that fail is done within a minute of their failing, and ended in time."""
    at = datetime.fromtimestamp(timestamp, UTC)
    silent = unscanned({one.carrier: one.since for one in armed(at=at)}, at=at)
    watched = watch_playbooks(unscanned=silent, at=at)
    if watched.fired or watched.ended:
        log.warning("paused: %s; resumed: %s", watched.fired, watched.ended)


@app.periodic(cron="29 * * * *")
@app.task(name="tracking.count", queueing_lock="tracking.count")
@lets_go
def count(timestamp: int) -> None:
    """Scorecards and promises kept are counted once an hour: months of parcels are too many for a page."""
    keep_reports((*SCORES, *PROMISES), at=datetime.fromtimestamp(timestamp, UTC))
