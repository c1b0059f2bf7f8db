"""The company with its five shops: processes, connections, shelves."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx

from bench.river.ground import Ground
from bench.river.intake import free_port, listens
from bench.river.processes import running, wait_for, workers
from quartermaster.catalog.actions import save_skus
from quartermaster.catalog.rules.skus import Draft
from quartermaster.channels.actions import pull_listings, switch
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.demo.company.rates import tables
from quartermaster.inbox.actions import connect
from quartermaster.shipping.actions import write_tables
from quartermaster.stock.actions import Move, post
from quartermaster.stock.actions.locate import locate
from quartermaster.stock.rules.locations import Site
from quartermaster.testing.market import STALLS
from quartermaster.testing.simulators.accounts import settings_for

BY, SITE = "bench", "BER"
FAULTS = {"429": 0.05, "500": 0.1, "down": 0.05, "late": 0.05, "500 late": 0.05}  # of calls: 30 in 100
LINE = {"lost": 0.1, "doubled": 0.2, "corrupt": 0.05, "delayed": 0.3, "is_shuffled": True}
# Magento sends nothing: it is asked. Amazon puts hints into a queue that is fetched, Flipkart sends hints.
SENDS = ("shopify", "woocommerce", "flipkart", "amazon")
# Where nobody of ours can subscribe: the seller does it in a form, or beforehand.
BY_HAND = ("flipkart",)


class Shop(NamedTuple):
    """A shop in a process of its own."""

    kind: str
    url: str
    line: httpx.Client

    def do(self, what: str, **said: object) -> Any:
        """By hand, past its API: faults do not touch it. What it says."""
        answer = self.line.post(f"{self.url}/_simulator/{what}", json=said)
        told = answer.raise_for_status().json()
        return told.get("said")

    def misbehave(self, chances: dict[str, float], line: dict[str, object], seed: int) -> None:
        self.do("chances", **chances)
        if self.kind in SENDS:
            self.do("line", line=line, seed=seed)


class Town(NamedTuple):
    shops: dict[str, Shop]
    skus: tuple[str, ...]

    def misbehave(self, seed: int, away: str = "") -> None:
        """All as badly as asked; the one that is away answers nothing, and nothing it sends arrives."""
        for n, (kind, shop) in enumerate(self.shops.items()):
            is_away = kind == away
            line = {**LINE, "lost": 1.0} if is_away else LINE
            shop.misbehave({"down": 1.0} if is_away else FAULTS, line, seed + n)

    def behave(self) -> None:
        for shop in self.shops.values():
            shop.misbehave({}, {}, 1)


@contextlib.contextmanager
def opened(ground: Ground, *, skus: int, units: int, count: int, seed: int) -> Iterator[Town]:
    """Each shop offers what is on the shelves; `count` workers and a web process run."""
    codes = tuple(f"F{n:04}" for n in range(skus))
    _furnish(codes, units)
    ports = {kind: free_port() for kind in sorted(STALLS)}
    web = free_port()
    os.environ["QM_URL"] = f"http://127.0.0.1:{web}"  # where shops are subscribed to send to
    stalls = [("-m", "bench.feed.stall", kind, str(port), str(seed)) for kind, port in ports.items()]
    serve = ("-m", "quartermaster", "serve", "--port", str(web))
    with running([*stalls, serve]), httpx.Client(timeout=60) as line:
        wait_for(lambda: all(map(listens, (*ports.values(), web))), "the shops to open")
        shops = {kind: Shop(kind, f"http://127.0.0.1:{port}", line) for kind, port in ports.items()}
        for kind, shop in shops.items():
            shop.do("offer", skus=codes, units=units)
            door = f"{os.environ['QM_URL']}/in/{kind}"
            connect(kind, kind, settings_for(kind, shop.url, door=door), at=now(), by=BY)
            if kind in BY_HAND:
                shop.do("listens", address=door, secret="")
            switch(kind, mode="live", at=now(), by=BY)
        while pull_listings():
            pass
        with workers(ground, count):
            yield Town(shops, codes)


def _furnish(codes: tuple[str, ...], units: int) -> None:
    """One site, and SKUs of which every second may be sold when there is none: each way to be short."""
    at = now()
    locate([Site(code=SITE, name="Berlin", kind="own", country="DE", postcode="13507")], at=at, by=BY)
    write_tables(tables(), because="The carriers of the bench.", at=at, by=BY)
    drafts = [
        Draft(code=code, title=code, weight_g=400, policy="deny" if n % 2 else "backorder")
        for n, code in enumerate(codes)
    ]
    for outcome in save_skus(drafts, at=at, by=BY):
        if outcome.refused:
            raise outcome.refused
    ids = dict(sql.run("select code, id from catalog_sku"))
    post(
        [Move(f"bench:{code}", ids[code], units, "world:supplier", SITE, "received") for code in codes],
        by=BY,
        at=at,
    )
