"""Databases for a while, and what killed runs have left behind of them."""

import tempfile
from pathlib import Path

import pytest

from quartermaster.commands.running import throwaway


def test_what_was_left_half_removed_is_cleared_away_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    left, living = tmp_path / "quartermaster-test-4000000-x", tmp_path / "quartermaster-test-1-y"
    (left / "bytecode").mkdir(parents=True)
    living.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    throwaway._clear_leftovers("quartermaster-test-")

    assert not left.exists()
    assert living.exists()


def test_what_another_run_clears_at_this_moment_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    left = tmp_path / "quartermaster-test-4000000-x"
    (left / "postgres").mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with throwaway._alone_in(left) as is_alone:
        assert is_alone
        throwaway._clear_leftovers("quartermaster-test-")
        assert left.exists()

    throwaway._clear_leftovers("quartermaster-test-")
    assert not left.exists()
