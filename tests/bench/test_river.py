"""The benchmark itself, small: it measures what it says, and what it measured was done right."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = ["--orders", "200", "--prefill", "400", "--skus", "200"]


def bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("QM_") or name == "QM_TEST_MIGRATED"
    }
    environment |= {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-P", "-m", "quartermaster", "bench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)


@pytest.fixture(scope="module")
def report() -> Any:
    done = bench("river", *SMALL, "--only", "river", "--only", "intake", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_200_orders_go_through_with_one_worker_and_with_two(report: Any) -> None:
    assert [(run["workers"], run["orders"]) for run in report["river"]] == [(1, 200), (2, 200)]
    assert all(run["orders_per_s"] > 0 and run["app_cpu_ms"] > 0 for run in report["river"])


@pytest.mark.slow
def test_every_webhook_that_was_thanked_for_is_a_row(report: Any) -> None:
    assert [one["connections"] for one in report["intake"]] == [1, 8, 64]
    assert all(one["kept"] == one["thanked"] == one["requests"] >= 20 for one in report["intake"])


@pytest.mark.slow
def test_all_counts_agree_and_the_doctor_finds_nothing(report: Any) -> None:
    truth = report["truth"]
    assert truth["orders"] >= 400 + 2 * 200
    assert {sentence: count for sentence, count in truth["wrong"].items() if count} == {}
    assert {check: rows for check, rows in truth["doctor"].items() if rows} == {}


@pytest.mark.slow
def test_a_batch_of_250_orders_takes_as_many_statements_as_one_of_10(report: Any) -> None:
    assert set(report["statements"]) == {"inbox.messages", "allocation.allocate"}
    assert {len(set(counts)) for counts in report["statements"].values()} == {1}


def test_a_benchmark_that_is_not_there_is_refused_naming_those_that_are() -> None:
    done = bench("speed")
    assert done.returncode == 2
    assert "river" in done.stderr
