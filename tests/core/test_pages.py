"""Keyset pages."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core.pages import BadCursor, cut, position, position_at, told_at


def test_a_page_is_full_and_says_that_there_is_more():
    assert cut([9, 8, 7], 2, int) == ([9, 8], "8")


@pytest.mark.parametrize("found", [[], [9], [9, 8]])
def test_the_last_page_has_no_next(found):
    assert cut(found, 2, int) == (found, None)


def test_a_cursor_is_what_we_gave_and_nothing_else():
    assert position("") is None
    assert position("17") == 17
    for foreign in ("x", "-1", "007", "1e3", " 1", "1" * 19, "\u0661", "1\n"):
        with pytest.raises(BadCursor):
            position(foreign)


MOMENTS = st.integers(-2 * 10**15, 4 * 10**15).map(
    lambda n: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=n)
)


@given(MOMENTS, st.integers(0, 10**17))
def test_the_cursor_behind_a_moment_leads_to_it(at: datetime, row_id: int):
    assert position_at(told_at(at, row_id)) == (at, row_id)


def test_a_cursor_of_moments_that_is_none_of_ours_is_refused():
    assert position_at("")[1] == 0
    for strange in ("17", "1-2-3", "x-1", "1-01", "-99999999999999999-1", "1- 2"):
        with pytest.raises(BadCursor):
            position_at(strange)
