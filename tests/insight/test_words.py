"""Figures in words: few digits, and a sign that says which way is good."""

import pytest

from quartermaster.insight.rules.words import change, hours, percent, told_value


@pytest.mark.parametrize(
    ("ratio", "told"),
    [(0.941, "94.1 %"), (0.9991, "99.91 %"), (1.0, "100.0 %"), (0.0012, "0.12 %")],
)
def test_shares(ratio: float, told: str):
    assert percent(ratio) == told


def test_hours_become_days_when_they_are_many():
    assert (hours(7.44), hours(98.4)) == ("7.4 h", "4.1 d")


@pytest.mark.parametrize(
    ("key", "now", "before", "told"),
    [
        ("sales", 112, 100, ("+12 %", "good")),
        ("order_processing_hours", 8, 10, ("−20 %", "good")),
        ("return_rate", 0.07, 0.06, ("+1.0 pt", "bad")),
        ("orders", 5, 10, ("−50 %", "")),
        ("nps", 23, 30, ("−7", "bad")),
        ("return_rate", 0.0601, 0.0600, ("as before", "")),
        ("sales", 5, None, ("", "")),
        ("inventory_turnover", 5, 0, ("", "")),
    ],
)
def test_changes(key: str, now: float, before: float | None, told: tuple[str, str]):
    assert change(key, {"value": now}, {"value": before}) == told


def test_each_currency_is_written_and_nothing_is_a_dash():
    each = [{"currency": "EUR", "value": 48210.5}, {"currency": "JPY", "value": 700.0}]
    assert told_value("sales", {"value": None, "by_currency": each}) == "EUR 48,210.50 · JPY 700.00"
    assert told_value("nps", {"value": None}) == "—"
    assert told_value("nps", {"value": 23.4}) == "+23"
    assert told_value("orders", {"value": 1284}) == "1,284"
