"""Real processes of ours: started, waited for until they are ready, asked to end."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import psycopg

from bench.river.ground import Ground, environment

_LISTENING = "select count(*) from pg_stat_activity where application_name = 'quartermaster ear'"


@contextlib.contextmanager
def running(commands: Sequence[Sequence[str]]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """`python -P COMMAND` for each, for the length of the block. One that failed is an error."""
    started = [
        subprocess.Popen([sys.executable, "-P", *command], env=environment(), stdin=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        yield started
        for process in started:
            process.terminate()
        for process in started:
            if (code := process.wait(timeout=20)) not in (0, -15, 143):
                raise RuntimeError(f"{process.args!r} ended with {code}")
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
                process.wait()


@contextlib.contextmanager
def workers(ground: Ground, count: int, *command: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """`count` worker processes, idle: they have looked once and now wait for the signal."""
    with (
        running([command or ("-m", "quartermaster", "worker")] * count) as started,
        psycopg.connect(ground.url, autocommit=True) as connection,
    ):
        wait_for(lambda: connection.execute(_LISTENING).fetchone() == (count,), "the workers to be idle")
        time.sleep(0.5)
        yield started


def wait_for(
    condition: Callable[[], bool], what: str, *, patience_s: float = 60, every_s: float = 0.05
) -> None:
    """Until `condition()`; raises TimeoutError that says what was waited for."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {patience_s:.0f} s for {what}")
        time.sleep(every_s)
