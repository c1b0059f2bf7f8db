"""./qm doctor: a line for every invariant, the rows of a broken one, and an exit code."""

import argparse
import json
from collections.abc import Iterator

import pytest

from quartermaster.commands import doctor as command
from quartermaster.core import doctor


@pytest.fixture(autouse=True)
def _two_checks() -> Iterator[None]:
    before = list(doctor.checks)
    doctor.checks[:] = [
        doctor.Check("stock.sums", "Units add up.", list),
        doctor.Check("stock.chains", "Nothing was changed.", lambda: ["movement 7 is gone"]),
    ]
    yield
    doctor.checks[:] = before


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    return command.run(parser.parse_args(words))


def test_a_broken_invariant_is_named_with_its_rows_and_ends_in_1(capsys: pytest.CaptureFixture[str]):
    assert run() == 1
    assert capsys.readouterr().out.splitlines() == [
        "ok      stock.sums         Units add up.",
        "broken  stock.chains       Nothing was changed.",
        "        - movement 7 is gone",
        "1 of 2 is broken.",
    ]


def test_when_all_hold_it_says_so_and_ends_in_0(capsys: pytest.CaptureFixture[str]):
    doctor.checks.pop()
    assert run() == 0
    assert capsys.readouterr().out.splitlines()[-1] == "All 1 hold."


def test_programs_get_one_document(capsys: pytest.CaptureFixture[str]):
    assert run("--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["is_ok"] is False
    assert [(one["check"], one["is_ok"], one["rows"]) for one in told["checks"]] == [
        ("stock.sums", True, []),
        ("stock.chains", False, ["movement 7 is gone"]),
    ]
