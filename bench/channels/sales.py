"""Five simulated shops that sell the same goods: a sale on one of them, timed until all others know."""

import contextlib
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from bench.river.ground import Ground
from bench.river.processes import wait_for, workers
from quartermaster.channels.actions import pull_listings, switch
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.core.river import signal
from quartermaster.inbox.actions import Arrival, connect, keep
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import a_location
from quartermaster.testing.simulators import woocommerce
from quartermaster.testing.simulators.server import Simulator

UNITS, SHOPS, PATIENCE_S = 50, 5, 120.0
IDLE = """
select count(*) from channels_listing where state in ('due', 'sent', 'asked') or wanted is null
"""


class Shop(NamedTuple):
    slug: str
    connection_id: int
    memory: woocommerce.WooCommerce
    simulator: Simulator
    names: dict[str, str]  # SKU -> its listing


class Five(contextlib.ExitStack):
    """The shops, live, each with as many of every SKU as there are."""

    def __init__(self, skus: int) -> None:
        super().__init__()
        self.codes = [f"S{n:05}" for n in range(skus)]
        stocked(self.codes)
        self.shops = [opened(self, f"shop-{n}", self.codes, UNITS) for n in range(SHOPS)]
        while pull_listings():
            pass

    def has(self, shop: Shop, code: str) -> int:
        return int(str(shop.memory.goods.thing(shop.names[code])["stock_quantity"]))


def opened(stack: contextlib.ExitStack, slug: str, codes: list[str], units: int) -> Shop:
    """A shop that sells these, connected and live."""
    memory = woocommerce.WooCommerce()
    names = {code: memory.goods.offer(code, units, "9.90") for code in codes}
    simulator = stack.enter_context(Simulator(memory))
    connect("woocommerce", slug, {**woocommerce.SETTINGS, "url": simulator.url}, at=now(), by="bench")
    switch(slug, mode="live", at=now(), by="bench")
    ((connection_id,),) = sql.run("select id from inbox_connection where slug = %s", (slug,))
    return Shop(slug, connection_id, memory, simulator, names)


def stocked(codes: list[str]) -> None:
    """SKUs with units on the shelf."""
    if not sql.run("select 1 from stock_location where code = 'BER'"):
        a_location("BER")
    ids = dict(
        sql.run("insert into catalog_sku (code) select unnest(%s::text[]) returning code, id", (codes,))
    )
    for begin in range(0, len(codes), 1000):
        part = codes[begin : begin + 1000]
        moves = [
            Move(f"bench:{code}", ids[code], UNITS, "world:supplier", "BER", "received") for code in part
        ]
        post(moves, by="bench", at=now())


@contextlib.contextmanager
def at_work(ground: Ground, count: int) -> Iterator[None]:
    """So many workers, done with what there was to do."""
    with workers(ground, count):
        wait_for(lambda: sql.run(IDLE) == [(0,)], "the shops to be told", patience_s=PATIENCE_S)
        yield


def spread(
    five: Five, sales: int, *, first: int, every_s: float, ground: Ground, count: int
) -> dict[str, Any]:
    """Seconds from a message that is durably kept until the last of the other shops has the new number."""
    waiting: dict[str, tuple[float, Shop]] = {}
    took: list[float] = []
    guard, is_over = threading.Lock(), threading.Event()

    def watch() -> None:
        while not (is_over.is_set() and not waiting):
            with guard:
                open_ = list(waiting.items())
            for code, (since, sold_at) in open_:
                if all(five.has(shop, code) == UNITS - 1 for shop in five.shops if shop is not sold_at):
                    took.append(time.monotonic() - since)
                    with guard:
                        del waiting[code]
            time.sleep(0.005)

    intake = signal.dedicated("bench")
    watcher = threading.Thread(target=watch, daemon=True)
    with contextlib.closing(intake), at_work(ground, count):
        watcher.start()
        for n in range(sales):
            shop, code = five.shops[n % SHOPS], five.codes[first + n]
            arrival = _sale(shop, code)
            keep([arrival], intake)
            with guard:
                waiting[code] = (time.monotonic(), shop)
            time.sleep(every_s)
        is_over.set()
        watcher.join(PATIENCE_S)
        wait_for(lambda: sql.run(IDLE) == [(0,)], "the last answers", patience_s=PATIENCE_S)
    took.sort()
    sold = five.codes[first : first + sales]
    return {
        "sales": sales,
        "p50_s": statistics.median(took),
        "p95_s": took[max(0, int(len(took) * 0.95) - 1)],
        "max_s": took[-1],
        "wrong": sum(five.has(shop, code) != UNITS - 1 for shop in five.shops for code in sold),
        "unfinished": len(waiting),
    }


def _sale(shop: Shop, code: str) -> Arrival:
    """The buyer pays: the shop counts it off, and sends its webhook."""
    with shop.simulator.lock:
        said = shop.memory.by_hand("order", {"lines": [{"sku": code, "quantity": 1}]})
        shop.memory.goods.sell(shop.names[code], 1)
        order = shop.memory.orders[str(said["id"])]  # type: ignore[index]  # what is answered for an order
    body = msgspec.json.encode(order)
    return Arrival(shop.connection_id, f"{shop.slug}-{code}", "order.created", {}, body, now())
