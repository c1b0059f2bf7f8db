import pytest

from quartermaster.commands.test import pytest_arguments


@pytest.mark.parametrize("given", [[], ["-x"], ["--lf", "-q"]])
def test_a_broad_run_is_spread_over_processes(given):
    assert pytest_arguments(given)[:4:2] == ["-n", "--maxschedchunk"]
    assert pytest_arguments(given)[4:] == given


@pytest.mark.parametrize("given", [["tests/core"], ["-k", "money"], ["-n0"], ["-n", "4"]])
def test_a_narrow_run_or_an_explicit_wish_is_left_alone(given):
    assert pytest_arguments(given) == given
