"""Measures counted from orders as they stand, by the marketplace's rules."""

from datetime import UTC, datetime, timedelta

from quartermaster.console.causes.marketplaces import CAUSE
from quartermaster.console.causes.queries import groups
from quartermaster.core import doctor, sql
from quartermaster.marketplaces.actions import DefectRow, contest, count, tell_defects, write_terms
from quartermaster.marketplaces.queries.counted import counted
from quartermaster.marketplaces.queries.shops import shop
from quartermaster.marketplaces.queries.standings import past, standing_of
from quartermaster.marketplaces.rules.terms import Measure, Terms

from .conftest import AT, DAY, HOUR, Seller


def _claims(seller: Seller, *orders: int, outcome: str = "open") -> list[str]:
    rows = [DefectRow(f"SO-{order}", "claim", AT - HOUR, outcome) for order in orders]
    told = tell_defects(rows, connection_id=seller.id, source="test", at=AT, by="user:1")
    return [one.became for one in told]


def test_a_defect_belongs_to_the_day_of_its_order(amazon: Seller):
    old, new = amazon.sells(70), amazon.sells(20)
    _claims(amazon, old, new)
    stands = amazon.stands("odr")
    assert (stands.n, stands.bad, stands.state) == (1, 1, "red")  # the claim is of today, its order of then
    found = counted(amazon.id, "odr", "DE", stands.first_on, stands.last_on).items
    assert [one.number for one in found] == [f"SO-{new}"]
    assert _claims(amazon, new, outcome="denied") == ["changed"]
    assert (amazon.stands("odr").bad, amazon.why("odr")) == (0, [])


def test_of_no_orders_there_is_no_share(amazon: Seller):
    amazon.sells(0.2)  # today: its window has not begun
    stands = amazon.stands("odr")
    assert (stands.n, stands.state, stands.headroom) == (0, "none", None)


def test_late_is_what_was_confirmed_late_whenever_it_left(amazon: Seller):
    amazon.sells(5)
    amazon.sells(5, confirmed=4 * HOUR)
    amazon.sells(5, confirmed=None)
    split = amazon.sells(5, units=2)
    amazon.sends(split, AT - 3 * DAY)
    stands = amazon.stands("lsr")
    assert (stands.n, stands.bad) == (4, 3)
    assert amazon.why("lsr") == [
        "Confirmed 4 h late.",
        "1 unit not shipped, 4 d after it was due.",
        "The last of 2 parcels was confirmed 1 d late.",
    ]


def test_what_amazon_ships_and_what_is_pending_is_not_ours(amazon: Seller):
    amazon.sells(5, confirmed=None, detail={"fulfilled_by": "AMAZON"})
    amazon.sells(5, confirmed=None, payment_state="pending")
    amazon.sells(5, confirmed=None, is_test=True)
    count(at=AT)
    assert sql.run("select from marketplaces_day") == []


def test_only_what_the_seller_cancels_counts(amazon: Seller):
    amazon.sells(3)
    for because in ("Buyer: no longer wanted", "Seller: NO_INVENTORY", "The order is cancelled at Amazon."):
        order_id = amazon.sells(3, confirmed=None, cancelled_at=AT - DAY, cancelled_because=because)
        sql.run("update orders_line set wanted = 0, cancelled_there = 1 where order_id = %s", (order_id,))
    asked = amazon.sells(3, confirmed=None)
    sql.run("update orders_line set wanted = 0, cancelled_here = 1 where order_id = %s", (asked,))
    sql.run(
        "insert into orders_hold (order_id, kind, because, placed_by, since) values (%s, 'channel', "
        "'The buyer asks Amazon to cancel LAMP: answer in Seller Central.', 'system', %s)",
        (asked, AT - 2 * DAY),
    )
    stands = amazon.stands("cr")
    assert (stands.n, stands.bad, stands.unsure, stands.window_days) == (5, 1, 1, 7)
    assert amazon.why("cr") == [
        "Seller: NO_INVENTORY.",
        "Nobody says who wanted it: The order is cancelled at Amazon.",
    ]


def test_a_day_ends_with_the_marketplaces_midnight(amazon: Seller):
    """8 March 06:30 UTC is still the 7th in Los Angeles, and long the 8th in Berlin."""
    moment = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    for name in ("Amazon.com", "Amazon.de"):
        amazon.sells((AT - moment) / DAY, on=name)
    count(at=AT)
    days = sql.run("select country, day_on::text from marketplaces_day where measure = 'odr' order by 1")
    assert days == [("DE", "2026-03-08"), ("US", "2026-03-07")]


def test_tracking_is_valid_when_it_was_scanned(amazon: Seller):
    scanned = amazon.sells(10, on="Amazon.com")
    amazon.delivers(scanned, AT - 7 * DAY)
    amazon.sells(10, on="Amazon.com")
    bare = amazon.sells(10, on="Amazon.com", confirmed=None)
    amazon.sends(bare, AT - 9 * DAY, number="")
    stands = amazon.stands("vtr", "US")
    assert (stands.n, stands.bad) == (3, 2)


def test_delivery_is_counted_in_units_by_the_promised_day(amazon: Seller):
    promised = AT - 10 * DAY
    window = {"delivery_window": f"{(promised - DAY).isoformat()} to {promised.isoformat()}"}
    for moment, units in ((promised - HOUR, 1), (promised + 5 * HOUR, 3), (None, 1)):
        order_id = amazon.sells(14, on="Amazon.com", units=units, detail=window)
        sql.run(
            "insert into warehouse_parcel_item (parcel_id, line_id, quantity, line_units) "
            "select p.id, l.id, %s, %s from warehouse_parcel p join orders_line l using (order_id) "
            "where order_id = %s",
            (units, units, order_id),
        )
        if moment:
            amazon.delivers(order_id, moment)
    stands = amazon.stands("otdr", "US")
    assert (stands.n, stands.bad, stands.unsure) == (4, 3, 1)


def test_flipkart_counts_units_cancelled_and_shipments_not_ready(flipkart: Seller):
    order_id = flipkart.sells(
        10, units=3, confirmed=None, cancelled_because="Cancelled at Flipkart: seller_cancellation."
    )
    sql.run("update orders_line set wanted = 1, cancelled_there = 2 where order_id = %s", (order_id,))
    flipkart.sells(10, units=5, confirmed=HOUR)
    cancelled, breach = flipkart.stands("cr", "IN"), flipkart.stands("rtd", "IN")
    assert (cancelled.n, cancelled.bad) == (8, 2)
    assert (breach.n, breach.bad, breach.window_days) == (2, 2, 90)


def test_terms_hold_from_their_day_on_and_past_days_keep_theirs(amazon: Seller):
    for _ in range(30):
        amazon.sells(5)
    amazon.sells(5, confirmed=HOUR)
    assert amazon.stands("lsr").state == "amber"  # 1 of 31: 3.2 %
    easier = Terms((10, 30), 200_000, 100_000)
    write_terms(
        "amazon",
        "DE",
        Measure.LSR,
        easier,
        from_on=(AT + DAY).date(),
        because="They told us",
        at=AT,
        by="user:1",
    )
    assert amazon.stands("lsr").state == "amber"
    assert amazon.stands("lsr", at=AT + DAY).state == "green"
    history = past(shop(amazon.slug), standing_of(amazon.slug, "lsr", "DE"))
    assert [(one.state, one.terms.limit_ppm) for one in history] == [("amber", 40_000), ("green", 200_000)]


def test_a_measure_in_danger_is_an_exception_until_it_is_good_again(amazon: Seller):
    orders = [amazon.sells(5) for _ in range(3)]
    _claims(amazon, orders[0])
    count(at=AT)
    (group,) = groups([CAUSE], at=AT)
    assert CAUSE.tell(group).title == "acme-amazon in DE: 1 measure of account health broken or close"
    _claims(amazon, orders[0], outcome="withdrawn")
    count(at=AT + HOUR)
    assert groups([CAUSE], at=AT) == []
    moves = sql.run("select body ->> 'state' from core_event where name = 'StandingMoved' order by id")
    assert moves == [("red",), ("green",)]


def test_a_contest_is_kept_with_the_order_and_changes_no_figure(amazon: Seller):
    order_id = amazon.sells(5, confirmed=HOUR)
    before = amazon.stands("lsr")
    span = (amazon.id, "lsr", "DE", before.first_on, before.last_on)
    number = contest(counted(*span).items[0].id, because="The gate was closed", at=AT, by="user:1")
    after = amazon.stands("lsr", at=AT + HOUR)
    assert (number, after.bad) == (f"SO-{order_id}", before.bad)
    assert counted(*span).items[0].contested == "The gate was closed"


def test_counting_again_changes_nothing_and_the_doctor_agrees(amazon: Seller, flipkart: Seller):
    late = [seller.sells(days, confirmed=HOUR) for seller in (amazon, flipkart) for days in (3, 8, 20)]
    _claims(amazon, *late[:2])
    count(at=AT)
    before = sql.run("select id, day_on, because from marketplaces_counted order by id")
    count(at=AT)
    assert sql.run("select id, day_on, because from marketplaces_counted order by id") == before
    checks = [one for one in doctor.checks if one.name.startswith("marketplaces.")]
    assert len(checks) == 2
    assert [one.look() for one in checks] == [[], []]
    sql.run("update marketplaces_day set bad = 0, unsure = 0")
    assert all(one.look() for one in checks)


def test_each_row_of_defects_has_its_answer(amazon: Seller):
    order_id = amazon.sells(5, external_id="302-1")
    rows = [
        DefectRow("302-1", "feedback", AT - HOUR, stars=1, external_id="F1"),
        DefectRow(f"SO-{order_id}", "feedback", AT - HOUR, stars=1, external_id="F1"),
        DefectRow("302-9", "claim", AT - HOUR),
        DefectRow("302-1", "claim", AT + timedelta(days=1)),
        DefectRow("302-1", "claim", AT - HOUR, stars=3),
    ]
    told = tell_defects(rows, connection_id=amazon.id, source="file", at=AT, by="user:1")
    assert [one.became for one in told] == ["new", "refused", "refused", "refused", "refused"]
    wrong = [sorted(one.errors) for one in told[1:]]
    assert wrong == [["external_id"], ["order"], ["happened_at"], ["stars"]]
    again = tell_defects(rows[:1], connection_id=amazon.id, source="file", at=AT, by="user:1")
    assert again[0].became == "same"
