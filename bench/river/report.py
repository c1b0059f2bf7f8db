"""Figures beside their aims, as a table for people and one document for programs."""

from collections.abc import Iterator, Sequence

import msgspec

from bench.river.bare import Bare
from bench.river.flow import Flowed
from bench.river.intake import Taken
from bench.river.truth import Truth

AIM_ORDERS_PER_S = 2_500  # through the river, with two workers on two cores
AIM_SHARE = 0.30  # of the bare batch
AIM_REQUESTS_PER_S = 1_000  # durable intake
AIM_WORKER_MIB = 300
AIM_FLAT = 0.20  # how far cost per order may move while the tables grow


class Flat(msgspec.Struct, frozen=True):
    """Cost of one order, application and PostgreSQL together, with so many orders in the tables before."""

    tables: int
    cpu_ms: float


class Report(msgspec.Struct):
    """Everything measured in one run; what was not asked for is empty."""

    machine: dict[str, object]
    orders: int
    prefilled: int
    skus: int
    intake: list[Taken] = []
    river: list[Flowed] = []
    bare: list[Bare] = []
    flat: list[Flat] = []
    statements: dict[str, list[int]] = {}
    truth: Truth | None = None

    @property
    def is_true(self) -> bool:
        """Whether everything was done right. Whether it was fast is not asked here."""
        counts_agree = all(taken.is_true for taken in self.intake)
        return counts_agree and (self.truth is None or self.truth.is_true)


class Aim(msgspec.Struct, frozen=True):
    what: str
    found: float
    aim: float
    is_met: bool
    unit: str


def aims(report: Report) -> Iterator[Aim]:
    """Each aim whose figures are there."""
    best = max((taken.requests_per_s for taken in report.intake), default=None)
    if best is not None:
        yield Aim("durable intake", best, AIM_REQUESTS_PER_S, best >= AIM_REQUESTS_PER_S, "requests/s")
    two = next((flowed for flowed in report.river if flowed.workers == 2), None)
    if two:
        rate = two.orders_per_s
        yield Aim("river, 2 workers", rate, AIM_ORDERS_PER_S, rate >= AIM_ORDERS_PER_S, "orders/s")
        largest = max(flowed.worker_mib for flowed in report.river)
        yield Aim("largest worker", largest, AIM_WORKER_MIB, largest <= AIM_WORKER_MIB, "MiB")
    batch = next((bare for bare in report.bare if bare.what.startswith("micro-batches")), None)
    if two and batch:
        share = two.orders_per_s / batch.orders_per_s
        yield Aim("river / bare batch", share, AIM_SHARE, share >= AIM_SHARE, "of orders/s")
        # The same by CPU time, which other work on the machine disturbs less.
        share = (batch.app_cpu_ms + batch.postgres_cpu_ms) / (two.app_cpu_ms + two.postgres_cpu_ms)
        yield Aim("river / bare batch by CPU", share, AIM_SHARE, share >= AIM_SHARE, "of CPU-ms")
    if len(report.flat) > 1:
        worst = max((change(report.flat[0], flat) for flat in report.flat[1:]), key=abs)
        yield Aim("cost per order, growth", worst, AIM_FLAT, abs(worst) <= AIM_FLAT, "")


def change(first: Flat, later: Flat) -> float:
    """How much more one order costs than with the smallest tables; 0.1 is 10 % more."""
    return later.cpu_ms / first.cpu_ms - 1


def document(report: Report) -> bytes:
    """One JSON document."""
    fields = msgspec.to_builtins(report)
    return msgspec.json.encode(
        {"bench": "river", **fields, "aims": list(aims(report)), "is_true": report.is_true}
    )


def table(report: Report) -> str:
    """For people."""
    machine = ", ".join(f"{name} {value}" for name, value in report.machine.items())
    parts = [f"Quartermaster, the river: {machine}", *_intake(report.intake)]
    parts += [*_river(report), *_flat(report.flat), *_truth(report)]
    parts += ["", f"{'Aim':26} {'found':>12} {'aim':>9}"]
    for aim in aims(report):
        mark = "met" if aim.is_met else "MISSED"
        parts.append(f"{aim.what:26} {_number(aim.found):>12} {_number(aim.aim):>9} {aim.unit:11} {mark}")
    return "\n".join(parts)


def _intake(intake: Sequence[Taken]) -> Iterator[str]:
    if intake:
        yield ""
        yield (
            f"{'Intake, connections':52} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8} "
            f"{'CPU-ms web':>11} {'PostgreSQL':>11}   stored"
        )
    for taken in intake:
        yield (
            f"{taken.connections:<52} {taken.requests_per_s:10,.0f} {taken.p50_ms:8.1f} {taken.p99_ms:8.1f} "
            f"{taken.app_cpu_ms:11.2f} {taken.postgres_cpu_ms:11.2f}   {taken.kept:,} of {taken.thanked:,}"
            + "".join(f", {count} × {status}" for status, count in taken.turned_away.items())
        )


def _river(report: Report) -> Iterator[str]:
    if report.river or report.bare:
        yield ""
        yield (
            f"{'Orders through, CPU-ms an order':52} {'orders/s':>10} {'app':>8} {'PostgreSQL':>11} "
            f"{'MiB':>5} {'load':>5}"
        )
    for flowed in report.river:
        what = f"river, {flowed.workers} worker{'s' * (flowed.workers > 1)}"
        yield (
            f"{what:52} {flowed.orders_per_s:10,.0f} {flowed.app_cpu_ms:8.3f} {flowed.postgres_cpu_ms:11.3f} "
            f"{flowed.worker_mib:5.0f} {flowed.load:5.1f}"
        )
    for bare in report.bare:
        what = f"bare: {bare.what}"
        yield (
            f"{what:52} {bare.orders_per_s:10,.0f} {bare.app_cpu_ms:8.3f} {bare.postgres_cpu_ms:11.3f} "
            f"{'':5} {bare.load:5.1f}"
        )


def _flat(flat: Sequence[Flat]) -> Iterator[str]:
    if flat:
        yield ""
        yield f"{'Cost of an order, tables with':52} {'CPU-ms':>10}"
    for one in flat:
        growth = f"{change(flat[0], one):+.0%}" if one is not flat[0] else ""
        yield f"{one.tables:<52,} {one.cpu_ms:10.3f} {growth:>8}"


def _truth(report: Report) -> Iterator[str]:
    yield ""
    for queue, counts in report.statements.items():
        constant = "constant" if len(set(counts)) == 1 else "NOT CONSTANT"
        yield f"Statements per batch, {queue}: {counts[0]} for 10 orders, {counts[-1]} for 250: {constant}"
    if truth := report.truth:
        yield f"Over all {truth.orders:,} orders:"
        for sentence, count in truth.wrong.items():
            yield f"  {'ok' if not count else 'WRONG':5}  {sentence}" + (
                f" (not so: {count:,})" if count else ""
            )
        broken = {check: rows for check, rows in truth.doctor.items() if rows}
        yield f"  {'ok' if not broken else 'WRONG':5}  {len(truth.doctor)} invariants of the doctor"
        for check, rows in broken.items():
            yield from (f"         {check}: {row}" for row in rows)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2f}"
