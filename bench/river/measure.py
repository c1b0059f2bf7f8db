"""The measurements in their order, on one database that fills up."""

import os
import platform
from pathlib import Path

import psycopg

from bench.river import bare, flow, intake, prefill, profile, setup, truth
from bench.river.ground import Ground
from bench.river.prefill import Template
from bench.river.report import Flat, Report, document, table
from bench.river.run import Progress, Wanted

TEMPLATE = 2_000  # orders that go through the river to be copied
FLAT_FROM, FLAT_TO = 10_000, 1_000_000  # orders in the tables; between them the prefill
FLAT_ORDERS = 5_000  # through the river at each size


class Bench:
    """The state of a run: which numbers the shop's next orders have, and what was found so far."""

    def __init__(self, here: Ground, wanted: Wanted, progress: Progress) -> None:
        self.here, self.wanted, self.progress = here, wanted, progress
        self.connection_id = 0
        self.next_number, self.next_copy = 1, 1
        self.template = Template(0, {})
        self.report = Report(_machine(here), wanted.orders, wanted.prefill, wanted.skus)

    def numbers(self, count: int) -> int:
        """The first of `count` order numbers that nobody has used yet."""
        first, self.next_number = self.next_number, self.next_number + count
        return first

    def furnish(self) -> None:
        """The shop, and the first orders, which everything later is copied from."""
        self.progress.say(f"adding {self.here.skus:,} SKUs, three sites, their lanes and stock")
        self.connection_id = setup.furnish(self.here.skus)
        prefill.analyse(self.here)
        size = min(TEMPLATE, self.wanted.prefill)
        self.progress.say(f"the first {size:,} orders through the river")
        before = prefill.highest(self.here)
        flow.store(self.here, self.connection_id, self.numbers(size), size)
        flow.finish()
        self.template = prefill.template(self.here, size, before)

    def fill(self, orders: int) -> None:
        """Copies until about so many orders are in the tables."""
        copies = round((orders - prefill.count_orders(self.here)) / self.template.orders)
        if copies > 0:
            self.progress.say(f"filling the tables to {orders:,} orders")
            prefill.fill(self.here, self.template, copies, first=self.next_copy)
            self.next_copy += copies

    def drain(self, count: int, *, by: int) -> flow.Flowed:
        return flow.drain(self.here, self.connection_id, first=self.numbers(count), count=count, by=by)

    def flat(self) -> None:
        """What one order costs with the tables as they are now: the lowest of three runs.

        The first after a checkpoint writes whole pages to the log; work of others only ever adds to the rest.
        """
        tables, count = prefill.count_orders(self.here), min(FLAT_ORDERS, self.wanted.orders)
        self.progress.say(f"flat: three times {count:,} orders, with {tables:,} in the tables")
        runs = [self.drain(count, by=1) for _ in range(3)]
        cost = min(found.app_cpu_ms + found.postgres_cpu_ms for found in runs)
        self.report.flat.append(Flat(tables, cost))

    def intake(self) -> None:
        self.progress.say("intake: signed webhooks over 1, 8 and 64 connections")
        orders = self.wanted.orders
        first = self.numbers(intake.total(orders))
        self.report.intake = intake.measure(self.here, first=first, orders=orders)
        self.progress.say("working what the intake has stored")
        flow.finish()

    def river(self) -> None:
        for by in (1, 2):
            self.progress.say(f"river: {self.wanted.orders:,} orders, {by} worker{'s' * (by > 1)}")
            prefill.analyse(self.here)
            self.report.river.append(self.drain(self.wanted.orders, by=by))

    def bare(self) -> None:
        self.progress.say("bare: the same server without the product")
        bare.furnish(self.here)
        seconds = min(bare.SECONDS, self.wanted.orders / 1_000)
        self.report.bare = [bare.single(self.here, seconds=seconds), bare.batch(self.here, seconds=seconds)]
        if not bare.is_true(self.here):
            raise RuntimeError("the bare tables do not agree with each other")


def measure(here: Ground, wanted: Wanted, progress: Progress) -> int:
    """Everything that is wanted, then the truth; prints the report. Returns the exit code."""
    bench = Bench(here, wanted, progress)
    bench.furnish()
    if wanted.profile:
        return _profile(bench)
    if wanted.wants("flat") and wanted.prefill > FLAT_FROM:
        bench.fill(FLAT_FROM)
        bench.flat()
    bench.fill(wanted.prefill)
    if wanted.wants("flat"):
        bench.flat()
    if wanted.wants("intake"):
        bench.intake()
    if wanted.wants("river"):
        bench.river()
    if wanted.wants("bare"):
        bench.bare()
    if wanted.flat_full and wanted.wants("flat"):
        bench.fill(FLAT_TO)
        bench.flat()
    _examine(bench)
    progress.say("done")
    print(document(bench.report).decode() if wanted.json else table(bench.report), flush=True)
    return 0 if bench.report.is_true else 1


def _examine(bench: Bench) -> None:
    bench.progress.say("was it done right?")
    bench.report.statements = truth.statements_per_batch(
        bench.here, bench.connection_id, first=bench.numbers(260)
    )
    bench.report.truth = truth.examine(bench.here)


def _profile(bench: Bench) -> int:
    bench.fill(bench.wanted.prefill)
    count, file = bench.wanted.orders, Path(bench.wanted.profile)
    bench.progress.say(f"profiling {count:,} orders, four times")
    profile.profile(bench.here, bench.connection_id, first=bench.numbers(4 * count), count=count, file=file)
    bench.progress.say(f"written: {file}")
    return 0


def _machine(here: Ground) -> dict[str, object]:
    with psycopg.connect(here.url) as connection:
        version = connection.info.parameter_status("server_version") or ""
        row = connection.execute(
            "select current_setting('synchronous_commit'), current_setting('fsync')"
        ).fetchone()
    commit, fsync = row or ("", "")
    return {
        "cores": os.cpu_count() or 0,
        "Python": platform.python_version(),
        "PostgreSQL": version.split()[0],
        "synchronous_commit": commit,
        "fsync": fsync,
    }
