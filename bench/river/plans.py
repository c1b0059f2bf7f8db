"""Plans of slow statements as they really ran, from the server's log."""

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench.river.ground import Ground

SLOW_MS = 5
_SETTINGS = {
    "session_preload_libraries": "'auto_explain'",
    "auto_explain.log_min_duration": f"'{SLOW_MS}ms'",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_parameter_max_length": "0",
}
_BEGINS = re.compile(r"^\d{4}-\d\d-\d\d .*duration: ([\d.]+) ms  plan:")
_KEPT = 14


@contextlib.contextmanager
def logged(ground: Ground) -> Iterator[None]:
    """Sessions that begin in the block log the plan of every statement slower than SLOW_MS."""
    with psycopg.connect(ground.url, autocommit=True) as connection:
        for name, value in _SETTINGS.items():
            connection.execute(f"alter system set {name} = {value}")
        connection.execute("select pg_reload_conf()")
        time.sleep(0.2)
        yield
        for name in _SETTINGS:
            connection.execute(f"alter system reset {name}")
        connection.execute("select pg_reload_conf()")


def slowest(ground: Ground) -> str:
    """Of each statement its slowest plan, and how often it was slow; those that cost most come first."""
    worst: dict[str, tuple[float, str]] = {}
    times: dict[str, list[float]] = {}
    for took, text in _logged(ground):
        name = " ".join(text.split())[:160]
        times.setdefault(name, []).append(took)
        if took > worst.get(name, (0.0, ""))[0]:
            worst[name] = took, text
    order = sorted(times, key=lambda name: -sum(times[name]))[:_KEPT]
    return "\n\n".join(
        f"-- slow {len(times[name])} times, {sum(times[name]):,.0f} ms together; the slowest, "
        f"{worst[name][0]:,.0f} ms:\n{worst[name][1]}"
        for name in order
    )


def _logged(ground: Ground) -> Iterator[tuple[float, str]]:
    """(ms, query and plan) of each entry. Lines that go on with an entry begin with a tab."""
    for log in _logs(ground):
        took, lines = 0.0, list[str]()
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("\t"):
                lines.append(line[1:])
                continue
            if took:
                yield took, "\n".join(lines)
            begins = _BEGINS.match(line)
            took, lines = (float(begins[1]) if begins else 0.0), []
        if took:
            yield took, "\n".join(lines)


def _logs(ground: Ground) -> list[Path]:
    return sorted((ground.scratch / "postgres" / "data" / "log").glob("*.log"))
