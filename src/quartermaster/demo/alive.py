"""The demo goes on: an order now and then over real webhooks, the crew at work, carriers that tell."""

import logging
import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
from django.db import DatabaseError, close_old_connections
from django.utils.timezone import now

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.demo import mark, road
from quartermaster.demo.company import sites
from quartermaster.demo.company.goods import assortment
from quartermaster.demo.company.sales import Till
from quartermaster.demo.company.shops import SHOPS
from quartermaster.demo.crew import Crew
from quartermaster.demo.keyed import Keyed
from quartermaster.demo.problems import SILENT
from quartermaster.demo.shops import Webhook, tell
from quartermaster.demo.shops.post import post

log = logging.getLogger(__name__)

EVERY_S = {"sell": 20.0, "work": 30.0, "drive": 60.0, "bring": 3.0}
NEWEST = """
select coalesce(max(o.external_id::bigint - case c.kind when 'shopify' then 5400000000 else 81000 end), 0)
from orders_order o join inbox_connection c on c.id = o.connection_id where c.slug = any(%s)
"""


class Life:
    """One demo that goes on. `send` takes a webhook to the door; `flow` is needed where no workers run."""

    def __init__(
        self,
        send: Callable[[Webhook, datetime], object],
        chance: random.Random,
        *,
        flow: Callable[[datetime], None] = lambda at: None,
    ) -> None:
        self._send, self._chance = send, chance
        ((newest,),) = sql.run(NEWEST, (list(SHOPS),))
        self._number = int(newest)
        self._till = Till(assortment(mark.memory().skus), chance, buyers=1_000_000 + self._number)
        self._crew = Crew(chance, short=0.02, flow=flow)
        self._told_until: datetime | None = None

    def sell(self, at: datetime) -> None:
        """One order, in any shop but the one whose webhooks are switched off."""
        self._number += 1
        shops = {slug: shop.share for slug, shop in SHOPS.items() if slug != SILENT}
        slug = self._chance.choices(list(shops), list(shops.values()))[0]
        self._send(tell(self._till.ring(self._number, at, slug)), at)

    def work(self, at: datetime) -> None:
        """Somebody does the next thing; more often where there is more to do."""
        site = self._chance.choices([place.code for place in sites.SITES], [6, 2, 1])[0]
        self._crew.one_thing(site, at=at)

    def drive(self, at: datetime) -> None:
        road.drive(at=at, since=self._told_until)
        self._told_until = at


def live(url: str, *, stop: threading.Event) -> None:
    """Until `stop` is set. A moment at which something is away is passed over: the next one comes."""
    chance = random.Random()
    with Keyed() as shops:
        try:
            _live(url, chance, shops, stop)
        finally:
            _end(shops)


def _live(url: str, chance: random.Random, shops: Keyed, stop: threading.Event) -> None:
    life: Life | None = None
    due = dict.fromkeys(EVERY_S, now())
    while not stop.wait(max(0.5, (min(due.values()) - now()).total_seconds())):
        at = now()
        for verb in [name for name, moment in due.items() if moment <= at]:
            due[verb] = at + timedelta(seconds=chance.uniform(0.7, 1.3) * EVERY_S[verb])
            try:
                life = life or Life(lambda webhook, _: post(webhook, url), chance)
                getattr(shops if verb == "bring" else life, verb)(at)
            except (DatabaseError, psycopg.Error, Refused) as error:
                log.warning("the demo passed over a moment: %s", error)
            finally:
                close_old_connections()


def _end(shops: Keyed) -> None:
    try:
        shops.end(now())
    except (DatabaseError, psycopg.Error, Refused) as error:
        log.warning("the demo's simulated shops were not paused: %s", error)
    finally:
        close_old_connections()
