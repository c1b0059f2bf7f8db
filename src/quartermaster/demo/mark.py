"""A database is the demo company's or it is not. Which of the two is decided once, while it is empty."""

from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.setting import keep_setting, mark_as_demo
from quartermaster.core.errors import Refused
from quartermaster.core.queries import is_demo, setting

MEMORY = "demo.seed"
# The first thing a real company has; the demo's own marks stand before any of them.
IN_USE = """
select exists (select from orders_order) or exists (select from inbox_connection)
  or exists (select from catalog_sku)
"""


class InUse(Refused):
    code = "database-in-use"
    message = "This database holds a company already, and it is not the demo."
    remedy = "Give the demo a home of its own: QM_HOME=./var-demo ./qm up --demo"


class NotADemo(Refused):
    code = "not-a-demo"
    message = "This database is not marked as the demo: nothing was touched."
    remedy = "Only what ./qm up --demo has made can be wiped. Check QM_HOME and QM_DATABASE_URL."


class Memory(msgspec.Struct, frozen=True):
    """What the seeding of this demo has to know to go on: its seed and size, the moment its past ends, and
    the steps that are done."""

    began_at: datetime
    seed: int
    orders: int
    skus: int
    done: tuple[str, ...] = ()


def claim(*, seed: int, orders: int, skus: int, at: datetime) -> Memory:
    """Mark an empty database as the demo, or remember what was begun. Raises InUse."""
    with transaction.atomic():
        sql.run("select pg_advisory_xact_lock(hashtextextended('demo', 0))")
        if not is_demo():
            if sql.run(IN_USE)[0][0]:
                raise InUse
            mark_as_demo(at=at, by="demo")
            keep(Memory(at, seed, orders, skus), at=at)
        return memory()


def memory() -> Memory:
    """Raises NotADemo."""
    if not is_demo():
        raise NotADemo
    return msgspec.convert(setting(MEMORY), Memory)


def keep(told: Memory, *, at: datetime) -> None:
    keep_setting(MEMORY, msgspec.to_builtins(told), at=at, by="demo")
