"""Work of several shops at the same time: a slow one makes no other wait."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from django.db import connections

from quartermaster.core import sql

SHOPS_AT_ONCE = 8  # each waits for somebody outside


def at_once(works: Sequence[Callable[[], int]]) -> list[int]:
    """Each in a thread and with a connection of its own. Inside a transaction, which no other thread could
    see, in turn."""
    if len(works) < 2 or sql.in_transaction():
        return [work() for work in works]
    with ThreadPoolExecutor(min(SHOPS_AT_ONCE, len(works)), thread_name_prefix="shop") as pool:
        ends = [pool.submit(copy_context().run, _apart, work) for work in works]
    return [end.result() for end in ends]


def _apart(work: Callable[[], int]) -> int:
    try:
        return work()
    finally:
        connections.close_all()
