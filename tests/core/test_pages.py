"""Keyset pages."""

import pytest

from quartermaster.core.pages import BadCursor, cut, position


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
