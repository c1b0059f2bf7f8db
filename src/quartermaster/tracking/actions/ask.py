"""Followers are asked what changed since they were asked last: a webhook may be lost."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.errors import Refused
from quartermaster.core.queries import setting
from quartermaster.shipping.ports import NotDone, Unclear
from quartermaster.tracking.actions.scan import Outcome, scan
from quartermaster.tracking.queries import followers

log = logging.getLogger(__name__)
OVERLAP = timedelta(hours=1)  # their list may lag behind their webhooks
FIRST = timedelta(days=7)  # how far back the first question goes
PAGES_MAX = 500  # of one question; the rest is asked for the next time


def ask_followers(*, at: datetime) -> Mapping[str, int]:
    """By connection, how many scans were new. One that cannot be asked is asked for the same time again."""
    return {slug: found for slug in followers.slugs() if (found := _ask(slug, at)) is not None}


def _ask(slug: str, at: datetime) -> int | None:
    key = f"tracking.asked:{slug}"
    asked = setting(key)
    since = datetime.fromisoformat(asked) - OVERLAP if asked else at - FIRST
    after, new = "", 0
    try:
        account, follower = followers.follower(slug)
        for _ in range(PAGES_MAX):
            told = follower.changed(account=account, since=since, after=after)
            if told.scans:
                taken = scan(told.scans, source=slug, at=at, by=slug)
                new += sum(each.outcome is Outcome.NEW for each in taken)
            if not told.next:
                break
            after = told.next
    except (NotDone, Unclear, Refused) as wrong:
        log.warning("%s could not be asked: %s", slug, wrong)
        return None
    with transaction.atomic():
        keep_setting(key, at.isoformat(), at=at, by="tracking")
    return new
