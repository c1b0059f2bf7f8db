"""What was known of a delivery at some moment is the fold of the scans told by then."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.catalog.actions import Kit, save_sku, set_kits
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import sql
from quartermaster.insight.queries import rows
from quartermaster.insight.queries.document import figures
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.rules.days import Period
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.history import a_delivery, a_parcel, a_sold_order, shipped_order
from quartermaster.tracking.rules.fold import Scan, fold

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
scans = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from(["delivered", "exception", "in_transit", "return_to_sender", "accepted", "unknown"]),
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


@settings(max_examples=40)
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


KNOWN, LATER = NOON + 90 * HOUR, NOON + 900 * HOUR


def sold_kits(kits: int) -> tuple[int, int]:
    """An order of kits of two bulbs and a shade, all promised and gone: ids of the order and its line."""
    a_location("BER")
    a_sku("BULB")
    a_sku("SHADE")
    save_sku(Draft(code="SET"), at=NOON, by="test")
    redefine(BULB=2, SHADE=1)
    order_id = a_sold_order(NOON, units=kits, gone=kits)
    sql.run("update orders_line set code = 'SET', sku_id = (select id from catalog_sku where code = 'SET')")
    ((line_id,),) = sql.run("select id from orders_line where order_id = %s", (order_id,))
    for part, per_unit in (("BULB", 2), ("SHADE", 1)):
        sql.run(
            "insert into stock_reservation "
            "(sku_id, location_id, quantity, per_unit, claim, holder, state, at) "
            "select s.id, l.id, %s, %s, %s, 1, 'consumed', %s from catalog_sku s, stock_location l "
            "where s.code = %s",
            (kits * per_unit, per_unit, line_id, NOON, part),
        )
    return order_id, line_id


def redefine(**parts: int) -> None:
    (outcome,) = set_kits([Kit("SET", parts)], at=NOON, by="test")
    assert outcome.refused is None


def sent(order_id: int, line_id: int, hours: int, **parts: int) -> int:
    """A parcel with these parts, gone after so many hours."""
    parcel_id = a_parcel(order_id, NOON + hours * HOUR)
    for part, units in parts.items():
        sql.run(
            "insert into warehouse_parcel_item (parcel_id, line_id, sku_id, quantity) "
            "select %s, %s, id, %s from catalog_sku where code = %s",
            (parcel_id, line_id, units, part),
        )
    return parcel_id


def delivered(ask: Ask) -> list[int]:
    """Units that were delivered, as the return rate weighs them."""
    return [int(row.weight) for row in rows("return_rate", ask).items]


@pytest.mark.parametrize(
    ("early", "late", "then"),
    [
        ({"BULB": 4, "SHADE": 2}, {"BULB": 2, "SHADE": 1}, [2]),
        ({"BULB": 6}, {"SHADE": 3}, []),  # no kit was whole yet
        ({"BULB": 6, "SHADE": 1}, {"SHADE": 2}, [1]),
    ],
)
def test_a_kit_that_is_redefined_leaves_an_old_report_as_it_was(
    early: dict[str, int], late: dict[str, int], then: list[int]
) -> None:
    order_id, line_id = sold_kits(3)
    a_delivery(sent(order_id, line_id, 1, **early), NOON + 50 * HOUR)
    last = sent(order_id, line_id, 2, **late)
    sql.run("update orders_line set delivered = %s", (sum(then),))
    reported = figures(Ask(MARCH, KNOWN))
    assert delivered(Ask(MARCH, KNOWN)) == then

    a_delivery(last, NOON + 60 * HOUR, recorded_at=KNOWN + HOUR)
    sql.run("update orders_line set delivered = 3")
    for parts in ({"BULB": 2, "SHADE": 1}, {"BULB": 1}, {"BULB": 9, "SHADE": 9}):
        redefine(**parts)
        assert delivered(Ask(MARCH, LATER, KNOWN)) == then
        assert figures(Ask(MARCH, LATER, KNOWN)) == reported
    assert delivered(Ask(MARCH, LATER)) == [3]
