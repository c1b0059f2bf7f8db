"""./qm up --demo as a person starts it, stops it, and takes it away again. With QM_CHAOS=full it has the size
that a person gets; else it goes on with a small one, as if that had been killed just after it began."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from .test_up import Up, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
BEGIN = """
import django; django.setup()
from django.utils.timezone import now
from quartermaster.demo import mark
mark.claim(seed=1, orders=150, skus=40, at=now())
"""


def qm(running: Up, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "quartermaster", *words],
        env=running.environment, capture_output=True, text=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def stop(running: Up) -> None:
    running.process.terminate()
    assert running.process.wait(40) == 0, running.said()


def begin_small(running: Up) -> None:
    if os.environ.get("QM_CHAOS") == "full":
        return
    with running.database.running() as url:
        own = {"QM_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "quartermaster.settings"}
        for words in (["-m", "quartermaster", "migrate"], ["-c", BEGIN]):
            command = [sys.executable, "-P", *words]
            subprocess.run(command, env=running.environment | own, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def demo() -> Iterator[Up]:
    with running("--demo", before=begin_small) as up:
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
