"""The doctor names the parcel and the line where what is kept is not what was told."""

import pytest

from quartermaster.core import sql
from quartermaster.tracking.queries.invariants import lines_that_differ, tracks_that_differ

from .conftest import Road


@pytest.fixture
def arrived(road: Road) -> tuple[int, int]:
    order = road.order(("LAMP", 2))
    parcel = road.sent(order, ("LAMP", "LAMP", 2))
    road.tell((parcel, 2, "accepted"), (parcel, 30, "delivered"))
    assert tracks_that_differ() == lines_that_differ() == []
    return order, parcel


@pytest.mark.parametrize(
    "change",
    ["status = 'in_transit'", "delivered_at = delivered_at + interval '1 second'", "first_scan_at = null"],
)
def test_a_track_that_is_not_the_fold_of_its_scans_is_named(arrived: tuple[int, int], change: str):
    kept = sql.run("select status, delivered_at, first_scan_at from tracking_track")
    sql.run(f"update tracking_track set {change}")
    assert tracks_that_differ() == [f"P-{arrived[1]}: its scans add up to something else than what is kept"]
    sql.run("update tracking_track set status = %s, delivered_at = %s, first_scan_at = %s", kept[0])


def test_a_line_that_counts_other_than_its_parcels_is_named(arrived: tuple[int, int]):
    sql.run("update orders_line set delivered = 1")
    assert lines_that_differ() == [f"SO-{arrived[0]} LAMP: 1 delivered, its parcels hold 2"]
    sql.run("update orders_line set delivered = 2")
