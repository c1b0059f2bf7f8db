"""Messages through the river: stored in one commit while the workers are idle, then timed until quiet."""

import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import batched

import django.db
import msgspec
import psycopg

from bench.river import cpu, shop
from bench.river.ground import Ground
from bench.river.processes import wait_for, workers
from quartermaster.core.river import signal, worker
from quartermaster.inbox.actions import Arrival, keep

# Something is still to be done: cheap to ask, for both are answered from an index of open work.
_BUSY = """
select exists (select from inbox_message where state = 'received' and waits_for is null)
    or exists (select from core_delivery where stuck_at is null)
"""


class Flowed(msgspec.Struct, frozen=True):
    """One drain. CPU in ms per order; memory is the peak of the largest worker."""

    workers: int
    orders: int
    seconds: float
    orders_per_s: float
    app_cpu_ms: float
    postgres_cpu_ms: float
    worker_mib: float
    load: float


def arrivals(connection_id: int, first: int, count: int, *, skus: int) -> Iterable[Arrival]:
    """Deliveries as the intake hands them on once their signature is checked."""
    for delivery in shop.deliveries(first, count, skus=skus):
        headers = {name.lower(): value for name, value in delivery.headers.items()}
        webhook_id, topic = headers["x-shopify-webhook-id"], headers["x-shopify-topic"]
        headers |= {"content-length": str(len(delivery.body)), "host": "127.0.0.1"}
        yield Arrival(connection_id, webhook_id, topic, headers, delivery.body, datetime.now(UTC))


def store(ground: Ground, connection_id: int, first: int, count: int) -> float:
    """Keep messages by the intake's own statement, all in one durable commit; returns when (monotonic)."""
    with psycopg.connect(ground.url) as connection:
        for group in batched(arrivals(connection_id, first, count, skus=ground.skus), 200):
            keep(group, connection)
        connection.commit()
        began = time.monotonic()
    signal.wake()
    return began


def finish() -> None:
    """Work off what is in the inbox, untimed, in this process."""
    worker.run(stop=threading.Event(), once=True)
    django.db.connection.close()  # it has seen other tables than those to come


def _until_quiet(watch: psycopg.Connection, *, patience_s: float) -> None:
    wait_for(lambda: watch.execute(_BUSY).fetchone() == (False,), "a quiet river", patience_s=patience_s)


def drain(
    ground: Ground, connection_id: int, *, first: int, count: int, by: int, command: tuple[str, ...] = ()
) -> Flowed:
    """Store `count` orders while `by` workers wait, and time them from that commit to the workers' last."""
    with psycopg.connect(ground.url, autocommit=True) as watch, workers(ground, by, *command) as processes:
        pids = [process.pid for process in processes]
        began = store(ground, connection_id, first, count)
        app, postgres = sum(map(cpu.tree_ms, pids)), cpu.tree_ms(ground.postmaster)
        _until_quiet(watch, patience_s=60 + count / 50)
        seconds = time.monotonic() - began
        return Flowed(
            workers=by,
            orders=count,
            seconds=seconds,
            orders_per_s=count / seconds,
            app_cpu_ms=(sum(map(cpu.tree_ms, pids)) - app) / count,
            postgres_cpu_ms=(cpu.tree_ms(ground.postmaster) - postgres) / count,
            worker_mib=max(map(cpu.peak_mib, pids)),
            load=cpu.load(),
        )
