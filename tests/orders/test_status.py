"""One status for an order, read from its lines and holds."""

import pytest

from quartermaster.orders.rules.status import Seen, derive
from quartermaster.orders.rules.units import Units


def line(*, shippable: bool = True, parked: str = "", **places: int) -> Seen:
    return Seen(Units(**places), shippable, parked)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([line(open=2)], "open"),
        ([line(allocated=2)], "allocated"),
        ([line(allocated=1), line(open=1)], "open"),
        ([line(allocated=1), line(open=1, parked="backorder")], "backordered"),
        ([line(open=1, parked="shortage")], "backordered"),
        ([line(picked=1), line(allocated=1)], "picking"),
        ([line(shipped=1), line(allocated=1)], "allocated"),
        ([line(shipped=2)], "shipped"),
        ([line(shipped=2, returned=1)], "shipped"),
        ([line(shipped=2, returned=2)], "returned"),
        ([line(shipped=1, cancelled=1)], "shipped"),
        ([line(cancelled=2)], "cancelled"),
        ([line(open=1, shippable=False)], "shipped"),
        ([line(open=1, shippable=False), line(allocated=1)], "allocated"),
        ([], "open"),
    ],
)
def test_the_status_follows_from_the_lines(lines: list[Seen], status: str) -> None:
    assert derive(lines, is_held=False) == status


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([line(open=1)], "on_hold"),
        ([line(allocated=1)], "on_hold"),
        ([line(shipped=1)], "shipped"),
        ([line(cancelled=1)], "cancelled"),
    ],
)
def test_a_hold_shows_while_there_is_something_to_hold(lines: list[Seen], status: str) -> None:
    assert derive(lines, is_held=True) == status


@pytest.mark.parametrize("places", [{"open": 1}, {"allocated": 1}, {"picked": 1}, {"picked": 1, "packed": 1}])
def test_a_cancelled_order_is_cancelled_while_its_units_are_on_their_way_back(places: dict[str, int]) -> None:
    assert derive([line(**places)], is_held=False, is_cancelled=True) == "cancelled"
    assert derive([line(shipped=1, cancelled=1)], is_held=False, is_cancelled=True) == "shipped"


def test_an_order_without_lines_is_open_until_it_is_held_or_cancelled() -> None:
    assert derive([], is_held=True) == "on_hold"
    assert derive([], is_held=False, is_cancelled=True) == "cancelled"
