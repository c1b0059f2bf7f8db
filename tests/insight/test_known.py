"""What was known of a delivery at some moment is the fold of the scans told by then."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.core import sql
from quartermaster.insight.queries import rows
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.rules.days import Period
from quartermaster.testing.history import shipped_order
from quartermaster.tracking.rules.fold import Scan, fold

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
scans = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from(["delivered", "exception", "in_transit", "return_to_sender", "unknown"]),
        st.integers(0, 9),
    ),
    max_size=6,
)


def told(parcel_id: int, found: list[tuple[int, str, int]]) -> list[Scan]:
    """Write these scans, and the track they fold to."""
    made = [
        Scan(str(n), NOON + at * HOUR, status, NOON + known * HOUR)
        for n, (at, status, known) in enumerate(found)
    ]
    for scan in made:
        sql.run(
            "insert into tracking_scan (parcel_id, key, at, status, source, recorded_at) "
            "values (%s, %s, %s, %s, 'test', %s)",
            (parcel_id, scan.key, scan.at, scan.status, scan.recorded_at),
        )
    track = fold(made)
    sql.run(
        "insert into tracking_track (parcel_id, status, delivered_at, delivered_recorded_at) "
        "values (%s, %s, %s, %s)",
        (parcel_id, track.status, track.delivered_at, track.delivered_recorded_at),
    )
    return made


@settings(max_examples=100)
@given(scans, st.integers(-1, 10))
def test_then_is_the_fold_of_what_was_told_by_then(found: list[tuple[int, str, int]], hour: int):
    order_id, parcel_id = shipped_order(NOON - 2 * HOUR, hours=1)
    made, known_at = told(parcel_id, found), NOON + hour * HOUR
    expected = fold([scan for scan in made if scan.recorded_at <= known_at]).delivered_at
    seen = {}
    after = ""
    while True:
        page = rows("order_cycle_hours", Ask(MARCH, NOON + 999 * HOUR, known_at), after=after, limit=200)
        seen |= {row.subject: row.at for row in page.items}
        if page.next is None:
            break
        after = page.next
    assert seen.get(f"order:SO-{order_id}") == expected
