"""When somebody who did not answer is asked again."""

from datetime import UTC, datetime, timedelta

import pytest

from quartermaster.core.outside import next_try

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("failures", "waits"), [(0, 5 * MINUTE), (1, 10 * MINUTE), (3, 40 * MINUTE), (4, HOUR), (5_000, HOUR)]
)
def test_it_takes_twice_as_long_each_time_up_to_the_most_however_long_it_lasts(
    failures: int, waits: timedelta
) -> None:
    told = next_try(AT, failures=failures, every=5 * MINUTE, most=HOUR, not_before=None)
    assert told == AT + waits


def test_the_moment_the_other_side_names_counts_but_none_that_is_over() -> None:
    for named, then in ((AT + 3 * HOUR, AT + 3 * HOUR), (AT - HOUR, AT)):
        assert next_try(AT, failures=9, every=MINUTE, most=HOUR, not_before=named) == then
