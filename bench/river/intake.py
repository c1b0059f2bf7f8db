"""Signed webhooks over loopback HTTP into a real web process, at 1, 8 and 64 connections."""

import socket
import statistics
import subprocess
import sys
from collections.abc import Sequence

import msgspec
import psycopg

from bench.river import cpu, shop
from bench.river.ground import Ground, environment
from bench.river.load import Sent
from bench.river.processes import running, wait_for

CONNECTIONS = (1, 8, 64)
_SHARES = (0.05, 0.25, 0.5)  # of the orders asked for
_WARM = 200
_KEPT = "select count(*) from inbox_message where delivery_id = any(%s) and state in ('received', 'used')"


class Taken(msgspec.Struct, frozen=True):
    """One round. CPU in ms per request; `kept` of `thanked` requests are rows of the inbox."""

    connections: int
    requests: int
    requests_per_s: float
    p50_ms: float
    p99_ms: float
    app_cpu_ms: float
    postgres_cpu_ms: float
    load_cpu_ms: float
    thanked: int
    kept: int
    turned_away: dict[str, int]
    load: float

    @property
    def is_true(self) -> bool:
        return self.kept == self.thanked == self.requests


def rounds(orders: int) -> list[tuple[int, int]]:
    """(connections, requests) of each round, for a run of so many orders."""
    return [(n, max(20, int(orders * share))) for n, share in zip(CONNECTIONS, _SHARES, strict=True)]


def total(orders: int) -> int:
    """How many orders the rounds and the warming up use."""
    return _WARM + sum(count for _, count in rounds(orders))


def measure(ground: Ground, *, first: int, orders: int) -> list[Taken]:
    """All rounds against one web process; the messages stay in the inbox as received."""
    port = free_port()
    with running([("-m", "quartermaster", "serve", "--port", str(port))]) as (web,):
        wait_for(lambda: listens(port), "the web process to listen")
        numbers = map(str, (port, ground.skus, first, total(orders)))
        command = (sys.executable, "-P", "-m", "bench.river.load", *numbers)
        with subprocess.Popen(
            command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as load:
            try:
                assert load.stdout is not None
                assert load.stdout.readline() == "ready\n", "the load generator did not start"
                _ask(load, 8, _WARM)
                return [_round(ground, web.pid, load, *size) for size in rounds(orders)]
            finally:
                load.terminate()


def _round(ground: Ground, web: int, load: "subprocess.Popen[str]", connections: int, count: int) -> Taken:
    app, postgres = cpu.tree_ms(web), cpu.tree_ms(ground.postmaster)
    sent = _ask(load, connections, count)
    app, postgres = cpu.tree_ms(web) - app, cpu.tree_ms(ground.postmaster) - postgres
    done = len(sent.answers_ms)
    cuts = statistics.quantiles(sent.answers_ms, n=100)
    return Taken(
        connections=connections,
        requests=done,
        requests_per_s=done / sent.seconds,
        p50_ms=cuts[49],
        p99_ms=cuts[98],
        app_cpu_ms=app / done,
        postgres_cpu_ms=postgres / done,
        load_cpu_ms=sent.cpu_ms / done,
        thanked=len(sent.thanked),
        kept=_kept(ground, sent.thanked),
        turned_away=sent.turned_away,
        load=cpu.load(),
    )


def _ask(load: "subprocess.Popen[str]", connections: int, count: int) -> Sent:
    assert load.stdin is not None
    assert load.stdout is not None
    load.stdin.write(f"{connections} {count}\n")
    load.stdin.flush()
    answer = load.stdout.readline()
    if not answer:
        raise RuntimeError("the load generator ended")
    return msgspec.json.decode(answer, type=Sent)


def _kept(ground: Ground, numbers: Sequence[int]) -> int:
    with psycopg.connect(ground.url) as connection:
        row = connection.execute(_KEPT, ([shop.webhook_id(number) for number in numbers],)).fetchone()
        return int(row[0]) if row else 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
