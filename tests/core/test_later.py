"""What was surely not done is tried again; to wait for one's turn counts as no attempt."""

from datetime import UTC, datetime

from quartermaster.core.effects import Told, Turn, later
from quartermaster.core.outside import AuthExpired, NotDone, Throttled

AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_a_throttle_and_a_missing_key_wait_and_not_before_the_moment_that_is_named() -> None:
    assert later(Throttled("too often", AT)) == Told(Turn.FAIL_SAFELY, "too often", retry_at=AT, waits=True)
    assert later(Throttled("too often")) == Told(Turn.FAIL_SAFELY, "too often", waits=True)
    assert later(NotDone("away")) == Told(Turn.FAIL_SAFELY, "away")
    assert later(AuthExpired("no key")) == Told(Turn.FAIL_SAFELY, "no key", waits=True)
