"""When a silence is one that should worry somebody."""

import pytest

from quartermaster.inbox.rules import is_silent

HOUR = 3600.0


@pytest.mark.parametrize(
    ("silent_s", "gap_s", "messages", "expected"),
    [
        (2 * HOUR, HOUR, 50, True),
        (2 * HOUR - 1, HOUR, 50, False),
        (900, 6, 50, True),
        (899, 6, 50, False),  # a busy channel pauses for some minutes, too
        (100 * HOUR, HOUR, 9, False),  # nine messages are no rhythm
        (100 * HOUR, None, 50, False),
    ],
)
def test_a_connection_is_silent_at_twice_its_normal_gap(
    silent_s: float, gap_s: float | None, messages: int, expected: bool
):
    assert is_silent(silent_s, gap_s=gap_s, messages=messages) is expected
