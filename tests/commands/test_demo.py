"""./qm up --demo as a person starts it, stops it, and takes it away again."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from .test_up import Up, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def qm(running: Up, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "quartermaster", *words],
        env=running.environment, capture_output=True, text=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def stop(running: Up) -> None:
    running.process.terminate()
    assert running.process.wait(40) == 0, running.said()


@pytest.fixture
def demo() -> Iterator[Up]:
    with running("--demo") as up:
        yield up


def test_a_demo_is_made_lives_ends_with_up_and_is_wiped(demo: Up):
    demo.until(lambda: "is ready" in demo.said(), within_s=300)
    demo.until(lambda: len(demo.pids("demo --alive")) == 1)
    (alive,) = demo.pids("demo --alive")
    refused = qm(demo, "demo", "--wipe", "--yes")
    assert refused.returncode == 1
    assert "Stop it first" in refused.stderr

    stop(demo)
    deadline = time.monotonic() + 10
    while demo.pids("demo --alive") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive not in demo.pids("demo --alive")
    assert qm(demo, "demo", "--wipe").returncode == 2, "nobody is there to be asked"
    assert qm(demo, "demo", "--wipe", "--yes").returncode == 0
    again = qm(demo, "demo", "--wipe", "--yes")
    assert (again.returncode, "not marked as the demo" in again.stderr) == (1, True)
    assert qm(demo, "doctor").returncode == 0
