"""Where the time goes: statements by the server's own count, waits by sampling, Python by its profiler."""

import io
import pstats
from collections import Counter
from pathlib import Path

import psycopg

from bench.beside import Beside
from bench.river import flow, plans, prefill
from bench.river.flow import Flowed
from bench.river.ground import Ground

_STATEMENTS = """
select calls, total_exec_time, mean_exec_time, rows, shared_blks_hit, shared_blks_dirtied, wal_bytes::bigint,
  regexp_replace(query, '\\s+', ' ', 'g')
from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
  and query not ilike '%%pg_stat%%'
order by total_exec_time desc limit 40
"""
_DOING = """
select state, coalesce(wait_event_type || ':' || wait_event, 'on the CPU'),
  left(regexp_replace(query, '\\s+', ' ', 'g'), 90)
from pg_stat_activity where application_name = 'quartermaster worker' and state <> 'idle'
"""
_SAMPLE_S = 0.01


class Sampler(Beside):
    """Looks every 10 ms what the workers' sessions do."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self._url = ground.url
        self.seen: Counter[tuple[str, ...]] = Counter()
        self.looks = 0

    def go_on(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self.is_over.wait(_SAMPLE_S):
                self.looks += 1
                self.seen.update(connection.execute(_DOING).fetchall())

    def text(self) -> str:
        total = max(1, sum(self.seen.values()))
        lines = [f"{count / total:6.1%}  {'  '.join(what)}" for what, count in self.seen.most_common(40)]
        return "\n".join(lines)


def profile(ground: Ground, connection_id: int, *, first: int, count: int, file: Path) -> list[Flowed]:
    """Four drains: one worker, two, one under Python's profiler, two with plans logged. Writes `file`."""
    parts = []
    found = []
    for by in (1, 2):
        prefill.analyse(ground)
        _reset(ground)
        with Sampler(ground) as sampler:
            flowed = flow.drain(ground, connection_id, first=first, count=count, by=by)
        first += count
        found.append(flowed)
        parts += [_headline(f"{by} worker(s): statements", flowed), _statements(ground, count)]
        parts += [_headline(f"{by} worker(s): what their sessions did", flowed), sampler.text()]
    prefill.analyse(ground)
    stats = ground.scratch / "worker.prof"
    command = ("-m", "bench.river.profiled", str(stats))
    flowed = flow.drain(ground, connection_id, first=first, count=count, by=1, command=command)
    found.append(flowed)
    for order in ("tottime", "cumulative"):
        parts += [_headline(f"1 worker under cProfile, by {order}", flowed), _functions(stats, order)]
    first += count
    prefill.analyse(ground)
    with plans.logged(ground):
        flowed = flow.drain(ground, connection_id, first=first, count=count, by=2)
    parts += [_headline(f"2 workers, plans of statements slower than {plans.SLOW_MS} ms", flowed)]
    parts += [plans.slowest(ground)]
    found.append(flowed)
    file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return found


def _headline(what: str, flowed: Flowed) -> str:
    return (
        f"== {what}\n{flowed.orders:,} orders in {flowed.seconds:.2f} s: {flowed.orders_per_s:,.0f}/s, "
        f"CPU-ms per order {flowed.app_cpu_ms:.3f} application + {flowed.postgres_cpu_ms:.3f} PostgreSQL, "
        f"load {flowed.load:.1f}"
    )


def _reset(ground: Ground) -> None:
    with psycopg.connect(ground.url, autocommit=True) as connection:
        connection.execute("select pg_stat_statements_reset()")


def _statements(ground: Ground, count: int) -> str:
    with psycopg.connect(ground.url, autocommit=True) as connection:
        rows = connection.execute(_STATEMENTS).fetchall()
    lines = ["   calls  total ms  mean ms  us/order     rows  dirtied blocks  WAL KiB  statement"]
    for calls, total, mean, n, _, dirtied, wal, query in rows:
        lines.append(
            f"{calls:8,} {total:9,.0f} {mean:8.2f} {total * 1000 / count:9.1f} {n:8,} {dirtied:15,} "
            f"{wal // 1024:8,}  {query[:150]}"
        )
    return "\n".join(lines)


def _functions(stats: Path, order: str) -> str:
    out = io.StringIO()
    pstats.Stats(str(stats), stream=out).strip_dirs().sort_stats(order).print_stats(45)
    return out.getvalue().strip()
