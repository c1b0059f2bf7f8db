"""The demo goes on: an order now and then over real webhooks, the crew at work, carriers that tell."""

import logging
import random
import threading
from datetime import datetime

from django.db import DatabaseError, close_old_connections
from django.utils.timezone import now

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.demo import mark
from quartermaster.demo.company.goods import assortment
from quartermaster.demo.company.sales import Till
from quartermaster.demo.company.shops import SHOPS
from quartermaster.demo.lately import SILENT
from quartermaster.demo.shops import tell
from quartermaster.demo.shops.post import post

log = logging.getLogger(__name__)

ORDER_EVERY_S = 20.0
NEWEST = """
select coalesce(max(case c.kind when 'shopify' then o.external_id::bigint - 5400000000
  else o.external_id::bigint - 81000 end), 0)
from orders_order o join inbox_connection c on c.id = o.connection_id where c.slug = any(%s)
"""


class Shopkeeper:
    """Sells in all shops but the one whose webhooks are switched off."""

    def __init__(self, url: str, chance: random.Random) -> None:
        self._url, self._chance = url, chance
        memory = mark.memory()
        ((newest,),) = sql.run(NEWEST, (list(SHOPS),))
        self._number = int(newest)
        self._till = Till(assortment(memory.skus), chance, buyers=1_000_000 + self._number)

    def sell(self, at: datetime) -> int:
        """One order; the HTTP status it was answered with, 0 when nobody answered."""
        self._number += 1
        slug = self._chance.choices(
            [slug for slug in SHOPS if slug != SILENT],
            [shop.share for slug, shop in SHOPS.items() if slug != SILENT],
        )[0]
        return post(tell(self._till.ring(self._number, at, slug)), self._url)


def live(url: str, *, stop: threading.Event) -> None:
    """Until `stop` is set. A moment at which something is away is passed over: the next one comes."""
    chance = random.Random()
    keeper: Shopkeeper | None = None
    while not stop.wait(chance.uniform(0.7, 1.3) * ORDER_EVERY_S):
        try:
            keeper = keeper or Shopkeeper(url, chance)
            keeper.sell(now())
        except (DatabaseError, Refused) as error:
            log.warning("the demo paused: %s", error)
        finally:
            close_old_connections()
