"""Promised for 95 of 100: how many it were, by lane and by site."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core import sql
from quartermaster.core.actions.report import keep_reports
from quartermaster.core.queries.reports import told
from quartermaster.tracking.queries.calibration import PROMISES, Kept, calibration, promises

from .conftest import SENT, Road


@given(st.integers(1, 5_000).flatmap(lambda due: st.tuples(st.just(due), st.integers(0, due))))
def test_the_share_lies_between_its_bounds_and_more_parcels_say_more(counts: tuple[int, int]):
    due, kept = counts
    low, high = Kept("BER", "DE", due, kept, None).between
    assert 0 <= low <= kept / due + 1e-9
    assert kept / due - 1e-9 <= high <= 1
    nearer = Kept("BER", "DE", 10 * due, 10 * kept, None).between
    assert nearer[1] - nearer[0] < high - low


@pytest.mark.parametrize("by", ["lane", "site"])
def test_what_was_kept_is_counted_of_what_fell_due(road: Road, by: str):
    order = road.order(("LAMP", 1))
    sql.run(
        """with sent as (
             insert into warehouse_parcel (order_id, location_id, state, carrier, made_at, handed_over_at,
               promised_by, external_id)
             select %s, (select id from stock_location where code = 'BER'), 'handed_over', 'post', %s, %s,
               %s, 'x' || n from generate_series(1, 40) n returning id, external_id)
           insert into tracking_track (parcel_id, status, handed_over_at, delivered_at, due_at)
           select id, case when n <= 38 then 'delivered' else 'in_transit' end, %s,
             case when n <= 36 then %s::timestamptz when n <= 38 then %s::timestamptz end, %s
           from (select id, substr(external_id, 2)::int as n from sent) s""",
        (order, SENT, SENT, SENT + timedelta(days=3), SENT, SENT + timedelta(days=2),
         SENT + timedelta(days=4), SENT + timedelta(days=3)),
    )  # fmt: skip
    at = SENT + timedelta(days=5)
    everything, berlin = calibration(by, at=at, days=30)  # type: ignore[arg-type]
    assert (everything.site, everything.due, everything.kept, everything.early_days) == ("", 40, 36, 1.0)
    assert (berlin.site, berlin.country) == ("BER", "DE" if by == "lane" else "")
    assert calibration("lane", at=SENT + timedelta(days=2), days=30)[0].due == 38  # the others are not due

    keep_reports(PROMISES, at=at)
    sql.run("update core_report set took_ms = 900")
    sql.run("update tracking_track set status = 'cancelled'")
    assert told(promises(by, 30), at=at) == ([everything, berlin], at)  # type: ignore[arg-type]
