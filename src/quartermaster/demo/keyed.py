"""Shops of the demo that can be asked and told: simulators on this machine, with keys, listings and webhooks.

They live as long as the demo is alive, and what they have is forgotten with them: so nobody buys there, for
an order they do not know the next time would differ.
"""

from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import NamedTuple, Self

from quartermaster.channels.actions import compare, pull_now, switch
from quartermaster.channels.actions.drifts import Comparing
from quartermaster.core import sql
from quartermaster.core.actions.setting import keep_setting
from quartermaster.demo import priced
from quartermaster.inbox.actions import connect, pause, resume
from quartermaster.inbox.queries.connections import SIMULATED as ALLOWED
from quartermaster.testing.simulators.accounts import SIMULATED, settings_for
from quartermaster.testing.simulators.server import Simulator

BY = "demo"
KINDS = {"pine-corner": "woocommerce", "pine-outlet": "magento", "pine-market": "shopify"}
LISTINGS = 24
A_DAY = timedelta(days=1)
# What is in stock, the most first: a shop lists what can be sold.
GOODS = """
select s.code, greatest(1, (s.cost_minor * 2) / 100) from catalog_sku s
join stock_level l on l.sku_id = s.id where s.is_active
group by s.id having sum(l.on_hand) > 20 order by sum(l.on_hand) desc, s.code limit %s
"""


class _Shop(NamedTuple):
    slug: str
    simulator: Simulator


class Keyed:
    """The simulated shops, as a block: connected when it begins, paused when it ends."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._shops: list[_Shop] = []
        self._goods: list[tuple[str, int]] = []  # code, what it costs there
        self._has_begun = False

    def __enter__(self) -> Self:
        for slug, kind in KINDS.items():
            simulator = self._stack.enter_context(Simulator(SIMULATED[kind]()))
            self._shops.append(_Shop(slug, simulator))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._stack.close()

    def begin(self, at: datetime) -> None:
        """Connect them. Their addresses are new each time, and so are their shelves."""
        self._stock()
        keep_setting(ALLOWED, sorted(KINDS), at=at, by=BY)
        for slug, simulator in self._shops:
            kind = KINDS[slug]
            connect(kind, slug, settings_for(kind, simulator.url), at=at, by=BY)
            resume(slug, at=at, by=BY)
            switch(slug, mode="live", at=at, by=BY)
            pull_now(slug, at=at, by=BY)
            with suppress(Comparing):  # one that was begun before goes on
                compare(slug, since=at - A_DAY, at=at, by=BY)
        priced.begin(self._goods, list(KINDS), at=at)
        self._has_begun = True

    def bring(self, at: datetime) -> int:
        """What they send by themselves is brought to the door. Returns how many messages."""
        if not self._has_begun:
            self.begin(at)
        return sum(shop.simulator.bring() for shop in self._shops)

    def _stock(self) -> None:
        if self._goods:
            return
        for code, euros in sql.run(GOODS, (LISTINGS,)):
            self._goods.append((code, euros * 100 + 90))
            for shop in self._shops:
                with shop.simulator.lock:
                    said = {"sku": code, "quantity": 5, "price": f"{euros}.90"}
                    shop.simulator.vendor.by_hand("product", said)  # type: ignore[attr-defined]  # shops have it

    def end(self, at: datetime) -> None:
        """Nobody is there to be asked from now on."""
        for slug, _ in self._shops:
            pause(slug, at=at, by=BY)
