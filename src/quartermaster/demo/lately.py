"""The last day and what the floor still had to do then: real messages, the real river, a real crew.

As the hours went by: the shops tell what they sold, the river takes it in, the crew works on what it finds
and hands it to the carriers. Begun again it goes on: messages are known by their ids, the crew looks at what
there is.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from quartermaster.core.workdays import WEEK, is_workday
from quartermaster.demo import problems
from quartermaster.demo.clock import Tell, flow
from quartermaster.demo.company import sites
from quartermaster.demo.company.sales import Change, Sale
from quartermaster.demo.crew import Crew
from quartermaster.demo.past.plan import REAL_HOURS, Past
from quartermaster.demo.road import drive, forget
from quartermaster.demo.shops import Webhook, tell
from quartermaster.demo.shops.door import knock

# What is taken in together is promised from one moment: so not too much together.
A_WHILE = timedelta(hours=3)
_CANCELLED, _TAKEN_OFF = 0.03, 0.03


class Said(NamedTuple):
    webhook: Webhook
    at: datetime


def live_through(past: Past, tell_progress: Tell) -> None:
    """Everything that was placed or left lately, up to now."""
    crew = Crew(random.Random(f"crew {past.seed}"))
    said = sorted(_heard(past), key=lambda one: one.at)
    began = heard_until = said[0].at

    def hear(until: datetime) -> None:
        nonlocal heard_until
        while heard_until < until:
            since, heard_until = heard_until, min(heard_until + A_WHILE, until)
            knock(one for one in said if since <= one.at < heard_until)
            flow(heard_until)

    for at, site in sorted(_pickups(past.now - timedelta(hours=REAL_HOURS), past.now)):
        tell_progress((at - began) / (past.now - began) / 2, f"{at:%A %H:%M}, {site}")
        for before, is_last in ((timedelta(hours=4), False), (timedelta(minutes=55), True)):
            hear(at - before)
            crew.work_through(site, at=at - before)
            if is_last:
                crew.dispatch(site, at=at)
    hear(past.now)
    tell_progress(0.5, "what goes wrong")
    problems.do(past)
    for n, place in enumerate(sites.SITES):
        tell_progress(0.7 + n / 10, f"the floor of {place.name}")
        crew.stage(place.code, at=past.now)
    forget(past.unscanned, at=past.now)
    drive(at=past.now)
    flow(past.now)


def _pickups(since: datetime, until: datetime) -> Iterator[tuple[datetime, str]]:
    """When the carriers came to which site: a little before its cut-off, on working days."""
    for place in sites.SITES:
        assert isinstance(place.timezone, str)
        zone = ZoneInfo(place.timezone)
        day = since.astimezone(zone).date()
        while day <= until.astimezone(zone).date():
            assert isinstance(place.cutoff, time)
            at = datetime.combine(day, place.cutoff, zone).astimezone(UTC) - timedelta(minutes=8)
            if is_workday(day, week=WEEK, closed=()) and since + timedelta(hours=1) < at < until:
                yield at, place.code
            day += timedelta(days=1)


def _heard(past: Past) -> Iterator[Said]:
    silent_since = past.now - problems.SILENCE
    for one in _said(past):
        if one.webhook.slug != problems.SILENT or one.at < silent_since:
            yield one
    for webhook, at in problems.told(past):
        yield Said(webhook, at)


def _said(past: Past) -> Iterator[Said]:
    """What the shops tell of these sales until now, and when it is heard."""
    for sale in past.sales:
        chance = random.Random(f"lately {past.seed} {sale.number}")
        yield Said(tell(sale), sale.placed_at + timedelta(seconds=chance.randint(2, 15)))
        change = _change(sale, chance)
        if change and change.at < past.now - timedelta(minutes=5):
            yield Said(tell(sale, change), change.at + timedelta(seconds=chance.randint(2, 9)))


def _change(sale: Sale, chance: random.Random) -> Change | None:
    luck = chance.random()
    at = sale.placed_at + timedelta(minutes=chance.randint(12, 400))
    if luck < _CANCELLED:
        return Change(at, is_cancelled=True)
    if luck < _CANCELLED + _TAKEN_OFF and len(sale.lines) > 1 and sale.shop != "pine-and-wool":
        return Change(at, taken={chance.randrange(len(sale.lines)): 1})
    return None
