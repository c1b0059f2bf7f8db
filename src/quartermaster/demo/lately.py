"""The last day and what the floor still had to do then: real messages through the real river.

Round by round, as the hours went by: the shops tell what they sold, the river takes it in. Begun again it
goes on: messages are known by their ids.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from quartermaster.demo.clock import Tell, flow
from quartermaster.demo.company.sales import Change, Sale
from quartermaster.demo.past.plan import Past
from quartermaster.demo.shops import Webhook, tell
from quartermaster.demo.shops.door import knock
from quartermaster.inbox.rules import QUIET_AT_LEAST_S

ROUND = timedelta(hours=4)
SILENT = "pine-and-wool"  # its webhooks were switched off, and nobody has noticed
_CANCELLED, _TAKEN_OFF = 0.03, 0.03


class Said(NamedTuple):
    webhook: Webhook
    at: datetime


def live_through(past: Past, tell_progress: Tell) -> None:
    """Everything that was placed or left lately, up to now."""
    said = sorted(_said(past), key=lambda one: one.at)
    silent_since = _silent_since(past)
    until = min((one.at for one in said), default=past.now)
    while until < past.now:
        since, until = until, min(until + ROUND, past.now)
        heard = [
            one
            for one in said
            if since <= one.at < until and not (one.webhook.slug == SILENT and one.at >= silent_since)
        ]
        knock(heard)
        flow()
        done = 1 - (past.now - until) / (past.now - said[0].at)
        tell_progress(done, f"{until:%A %H:%M}")


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


def _silent_since(past: Past) -> datetime:
    """So long ago that the silence is twice what is normal for the shop, and some more."""
    moments = [sale.placed_at for sale in past.sales if sale.shop == SILENT]
    gaps = sorted(later - earlier for earlier, later in pairwise(moments))
    usual = gaps[int(len(gaps) * 0.95)] if gaps else timedelta()
    return past.now - max(2.3 * usual, timedelta(seconds=3 * QUIET_AT_LEAST_S))
