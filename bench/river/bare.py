"""The same database server with nothing of the product in the way: what the river is measured against."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from bench.river import cpu
from bench.river.bare_batch import BATCH
from bench.river.ground import Ground, environment

SECONDS = 6.0
CLIENTS, PROCESSES = 8, 2
_HERE = Path(__file__).parent
_TRUE = """
select (select count(*) from bare.lines) = 3 * (select count(*) from bare.orders)
  and (select sum(reserved) from bare.stock) = (select sum(quantity) from bare.lines)
  and (select -sum(change) from bare.ledger) = (select sum(quantity) from bare.lines)
"""


class Bare(msgspec.Struct, frozen=True):
    """One bare measurement. CPU in ms per order: the program that sends, and PostgreSQL."""

    what: str
    orders: int
    orders_per_s: float
    app_cpu_ms: float
    postgres_cpu_ms: float
    load: float


def furnish(ground: Ground) -> None:
    """Tables of their own schema, with history, analysed."""
    with psycopg.connect(ground.url, autocommit=True) as connection:
        connection.execute((_HERE / "bare.sql").read_text(encoding="utf-8"))
        connection.execute("vacuum analyze bare.orders, bare.lines, bare.stock, bare.ledger")
        connection.execute("checkpoint")


def is_true(ground: Ground) -> bool:
    """Whether what was promised, written and counted is the same."""
    with psycopg.connect(ground.url) as connection:
        return connection.execute(_TRUE).fetchone() == (True,)


def single(ground: Ground, *, seconds: float = SECONDS) -> Bare:
    """One transaction of eight statements an order, over 8 connections, by pgbench where there is one."""
    pgbench, what = ground.programs / "pgbench", f"one transaction per order, {CLIENTS} connections"
    if not pgbench.exists():
        return _together(ground, "bench.river.bare_single", seconds, f"{what}, from Python")
    command: list[str | Path] = [
        pgbench, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, round(seconds))),
        "-f", _HERE / "bare_single.sql", ground.url,
    ]  # fmt: skip
    app, postgres = cpu.own_children_ms(), cpu.tree_ms(ground.postmaster)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    app, postgres = cpu.own_children_ms() - app, cpu.tree_ms(ground.postmaster) - postgres
    orders = int(_number(r"transactions actually processed: (\d+)", said))
    failed = int(_number(r"number of failed transactions: (\d+)", said))
    if failed or not orders:
        raise RuntimeError(f"pgbench: {failed} of {orders} transactions failed")
    return Bare(
        what=what,
        orders=orders,
        orders_per_s=_number(r"tps = ([\d.]+)", said),
        app_cpu_ms=app / orders,
        postgres_cpu_ms=postgres / orders,
        load=cpu.load(),
    )


def batch(ground: Ground, *, seconds: float = SECONDS) -> Bare:
    """Micro-batches of 200 orders in one transaction each, by two Python processes."""
    what = f"micro-batches of {BATCH}, {PROCESSES} processes"
    return _together(ground, "bench.river.bare_batch", seconds, what)


def _together(ground: Ground, module: str, seconds: float, what: str) -> Bare:
    """Two processes that get ready, begin at the same time, and stay until their CPU time was read."""
    command = [sys.executable, "-P", "-m", module, ground.url, str(seconds)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started: list[subprocess.Popen[str]] = [
        subprocess.Popen([*command, f"{n}-{time.time_ns()}"], env=environment(), **pipes)
        for n in range(PROCESSES)
    ]
    try:
        assert [_line(process) for process in started] == ["ready\n"] * PROCESSES
        before = sum(cpu.tree_ms(process.pid) for process in started), cpu.tree_ms(ground.postmaster)
        for process in started:
            _tell(process)
        answers = [msgspec.json.decode(_line(process)) for process in started]
        after = sum(cpu.tree_ms(process.pid) for process in started), cpu.tree_ms(ground.postmaster)
        for process in started:
            _tell(process)
            process.wait(timeout=10)
    finally:
        for process in started:
            process.kill()
            process.communicate()
    orders = sum(answer["orders"] for answer in answers)
    return Bare(
        what=what,
        orders=orders,
        orders_per_s=sum(answer["orders"] / answer["seconds"] for answer in answers),
        app_cpu_ms=(after[0] - before[0]) / orders,
        postgres_cpu_ms=(after[1] - before[1]) / orders,
        load=cpu.load(),
    )


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _tell(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    return float(found[1]) if found else 0.0
