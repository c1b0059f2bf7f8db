"""Make the demo company, step by step. Each step is done once; killed in the middle of one, it is done again
without leaving anything twice."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import NamedTuple

from django.utils.timezone import now
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.demo import lately, mark
from quartermaster.demo.clock import Tell, flow
from quartermaster.demo.company.calendar import DAYS
from quartermaster.demo.company.found import found
from quartermaster.demo.company.goods import assortment
from quartermaster.demo.held import hold
from quartermaster.demo.past import write
from quartermaster.demo.past.plan import Past
from quartermaster.insight.actions import refresh, watch

ORDERS, SKUS, SEED = 10_000, 570, 20_261_123
_FOUNDED = timedelta(days=DAYS + 130)


class Demo:
    """What is being made: everything about it follows from what is remembered."""

    def __init__(self, memory: mark.Memory) -> None:
        self.memory = memory
        self.goods = assortment(memory.skus)

    @cached_property
    def past(self) -> Past:
        told = self.memory
        return Past(self.goods, orders=told.orders, seed=told.seed, now=told.began_at)


class Step(NamedTuple):
    name: str
    words: str
    make: Callable[[Demo, Tell], None]


def _company(demo: Demo, tell: Tell) -> None:
    found(demo.goods, at=demo.memory.began_at - _FOUNDED)


def _stock(demo: Demo, tell: Tell) -> None:
    write.write_stock(demo.past, tell)


def _orders(demo: Demo, tell: Tell) -> None:
    write.write_orders(demo.past, tell)
    sql.run("analyze")
    flow(demo.memory.began_at)


def _lately(demo: Demo, tell: Tell) -> None:
    lately.live_through(demo.past, tell)


def _figures(demo: Demo, tell: Tell) -> None:
    hold(at=now())
    refresh(at=now())
    watch(at=now())


STEPS = (
    Step("company", "sites, shops and 600 SKUs", _company),
    Step("stock", "ninety days of the stock ledger", _stock),
    Step("orders", "ninety days of orders", _orders),
    Step("lately", "the last day, through the real river", _lately),
    Step("figures", "what all that comes to", _figures),
)


def seed(tell: Tell, *, orders: int = ORDERS, skus: int = SKUS, chance: int = SEED) -> bool:
    """Make the demo, or go on with it; False when there was nothing left to make. Raises InUse."""
    memory = mark.claim(seed=chance, orders=orders, skus=skus, at=now())
    left = [step for step in STEPS if step.name not in memory.done]
    if not left:
        return False
    # What a crash takes is made again: nobody waits for the disk here.
    sql.run("set synchronous_commit = off")
    demo = Demo(memory)
    for step in left:
        place = STEPS.index(step)

        def told(done: float, words: str, step: Step = step, place: int = place) -> None:
            tell((place + done) / len(STEPS), f"{step.words}: {words}" if words else step.words)

        told(0.0, "")
        step.make(demo, told)
        memory = replace(memory, done=(*memory.done, step.name))
        mark.keep(memory, at=now())
    sql.run("set synchronous_commit = on")
    return True
