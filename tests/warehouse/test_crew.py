"""Which cut-offs are at risk, and how fast somebody is."""

from datetime import UTC, datetime, timedelta

from quartermaster.warehouse.queries.crew import CutOff, Person

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def leaving(hours: int, to_pick: int, pace: int, packed: int = 0) -> CutOff:
    return CutOff(NOW + timedelta(hours=hours), to_pick, 0, packed, pace)


def test_a_cut_off_is_at_risk_when_the_pace_does_not_bring_what_is_left():
    assert leaving(2, 21, 10).is_at_risk(NOW)
    assert not leaving(2, 20, 10).is_at_risk(NOW)
    assert not leaving(2, 0, 0, packed=5).is_at_risk(NOW)


def test_what_has_not_left_after_its_cut_off_is_at_risk_even_packed():
    assert leaving(-1, 0, 99, packed=1).is_at_risk(NOW)


def test_nobody_is_measured_on_a_few_minutes():
    assert Person("user:1", 3, 3, 299.0, NOW, None).lines_per_hour is None
    assert Person("user:1", 30, 60, 1800.0, NOW, None).lines_per_hour == 60
