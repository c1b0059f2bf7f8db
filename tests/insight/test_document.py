"""The KPI document: each figure by an example small enough to count by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from quartermaster.core import sql
from quartermaster.insight.queries import document
from quartermaster.insight.rules.days import Period
from quartermaster.insight.rules.definitions import KPIS
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.history import (
    a_delivery,
    a_parcel,
    a_rating,
    a_refund,
    a_sold_order,
    shipped_order,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=100)
HOUR = timedelta(hours=1)


def kpi(key: str, *, at: datetime = LATER, tz: str = "UTC", days: int = 10) -> dict[str, Any]:
    told = document(Period(DAY, DAY + timedelta(days=days - 1), tz), at=at)
    figure = told[key]
    assert isinstance(figure, dict)
    return figure


def test_nothing_to_count_is_null_and_never_0():
    told = document(Period(DAY, DAY), at=LATER)
    assert {key: (told[key]["value"], told[key]["n"]) for key in KPIS} == dict.fromkeys(KPIS, (None, 0))
    assert all(told[key]["definition"] and told[key]["unit"] for key in KPIS)


def test_orders_leave_out_tests_and_what_was_cancelled_before_it_was_paid():
    a_sold_order(NOON)
    a_sold_order(NOON, is_test=True)
    a_sold_order(NOON, cancelled_at=NOON, paid_minor=0)
    a_sold_order(NOON, cancelled_at=NOON)
    assert (kpi("orders")["value"], kpi("orders")["n"]) == (2, 2)
    assert (kpi("cancellation_rate")["value"], kpi("cancellation_rate")["numerator"]) == (0.5, 1)


def test_sales_and_order_value_of_one_currency():
    a_sold_order(NOON, total_minor=1000)
    a_sold_order(NOON, total_minor=2501)
    assert kpi("sales")["value"] == 35.01
    assert kpi("sales")["money"] == {"minor": 3501, "currency": "EUR"}
    assert kpi("average_order_value")["value"] == 17.5
    assert kpi("average_order_value")["unit"] == "EUR"


def test_currencies_are_never_added_up():
    a_sold_order(NOON, total_minor=1000)
    a_sold_order(NOON, total_minor=700, currency="JPY")
    told = kpi("sales")
    assert (told["value"], told["n"]) == (None, 2)
    assert [(one["currency"], one["value"], one["n"]) for one in told["by_currency"]] == [
        ("EUR", 10.0, 1),
        ("JPY", 700.0, 1),
    ]
    assert "currencies" in told["because"]


def test_an_order_in_two_parcels_is_processed_when_the_last_one_left():
    shipped_order(NOON, hours=10)
    both = a_sold_order(NOON, units=2, gone=2)
    a_parcel(both, NOON + 5 * HOUR)
    a_parcel(both, NOON + 30 * HOUR)
    half = a_sold_order(NOON, units=2, gone=1)
    a_parcel(half, NOON + HOUR)
    told = kpi("order_processing_hours")
    assert (told["value"], told["n"]) == (20, 2)
    assert (told["median"], told["p90"]) == (20, 28)
    assert kpi("order_processing_hours", days=1) == kpi("order_processing_hours", days=1) | {
        "value": 10,
        "n": 1,
    }


def test_an_order_has_arrived_when_all_of_it_has():
    whole = a_sold_order(NOON, units=2, gone=2)
    for hours in (24, 48):
        a_delivery(a_parcel(whole, NOON + HOUR), NOON + hours * HOUR)
    part = a_sold_order(NOON, units=2, gone=2)
    a_delivery(a_parcel(part, NOON + HOUR), NOON + 24 * HOUR)
    a_parcel(part, NOON + HOUR)
    assert (kpi("order_cycle_hours")["value"], kpi("order_cycle_hours")["n"]) == (48, 1)


def promised(promised_on: date, delivered_at: datetime | None, **different: Any) -> int:
    order_id, parcel_id = shipped_order(NOON, hours=1, promised_on=promised_on, **different)
    if delivered_at:
        a_delivery(parcel_id, delivered_at)
    return order_id


def test_a_delivery_is_judged_by_the_calendar_of_its_receiver():
    """22:30 UTC on the 12th: still the 12th in Berlin (23:30), already the 13th in Tokyo."""
    for country in ("DE", "JP"):
        promised(date(2026, 3, 12), datetime(2026, 3, 12, 22, 30, tzinfo=UTC), ship_to={"country": country})
    told = kpi("on_time_delivery_rate")
    assert (told["value"], told["n"], told["numerator"]) == (0.5, 2, 1)


def test_a_state_may_have_another_zone_than_its_country():
    """04:30 UTC on the 13th is the 13th in New York and the 12th in Los Angeles."""
    at = datetime(2026, 3, 13, 4, 30, tzinfo=UTC)
    promised(date(2026, 3, 12), at, ship_to={"country": "US", "region": "CA"})
    assert kpi("on_time_delivery_rate")["value"] == 1
    promised(date(2026, 3, 12), at, ship_to={"country": "US", "region": "NY"})
    assert kpi("on_time_delivery_rate")["value"] == 0.5


def test_what_is_not_delivered_by_its_day_is_late_and_what_is_not_due_yet_is_not_counted():
    promised(date(2026, 3, 12), None)
    promised(date(2026, 3, 14), NOON)
    at = datetime(2026, 3, 14, 9, tzinfo=UTC)
    assert (kpi("on_time_delivery_rate", at=at)["value"], kpi("on_time_delivery_rate", at=at)["n"]) == (0, 1)
    assert kpi("on_time_delivery_rate")["n"] == 2


def test_a_cancel_after_the_promised_day_does_not_undo_that_it_was_late():
    promised(date(2026, 3, 12), None, cancelled_at=datetime(2026, 3, 11, tzinfo=UTC))
    promised(date(2026, 3, 12), None, cancelled_at=datetime(2026, 3, 20, tzinfo=UTC))
    assert (kpi("on_time_delivery_rate")["value"], kpi("on_time_delivery_rate")["n"]) == (0, 1)


def test_by_the_moment_the_promised_day_is_not_enough():
    promise = {"promised_by": datetime(2026, 3, 12, 10, tzinfo=UTC)}
    promised(date(2026, 3, 12), datetime(2026, 3, 12, 11, tzinfo=UTC), **promise)
    assert kpi("on_time_delivery_rate")["value"] == 1
    assert kpi("on_time_delivery_rate_by_timestamp")["value"] == 0


def test_a_parcel_is_dispatched_on_time_until_its_cut_off():
    for late in (0, 1):
        a_parcel(a_sold_order(NOON, gone=1), NOON + late * HOUR, ship_by=NOON)
    a_parcel(a_sold_order(NOON), ship_by=NOON)
    a_parcel(a_sold_order(NOON), ship_by=LATER)
    assert (kpi("on_time_dispatch_rate")["value"], kpi("on_time_dispatch_rate")["n"]) == (1 / 3, 3)


def test_accuracy_is_unknown_until_somebody_tells_of_errors():
    shipped_order(NOON)
    wrong, _ = shipped_order(NOON)
    told = kpi("fulfilment_accuracy")
    assert (told["value"], told["n"]) == (None, 0)
    assert "nothing is known of errors" in told["because"]
    a_refund(wrong, NOON + 48 * HOUR, because="Wrong item sent")
    assert (kpi("fulfilment_accuracy")["value"], kpi("fulfilment_accuracy")["n"]) == (0.5, 2)


def test_returns_are_of_units_delivered_and_name_their_reasons():
    for returned, because in ((1, "too large"), (2, "did not like it"), (0, "late")):
        order_id = a_sold_order(NOON, units=4, gone=4)
        sql.run("update orders_line set delivered = 4 where order_id = %s", (order_id,))
        a_refund(order_id, NOON + 100 * HOUR, because=because, returned=returned)
    told = kpi("return_rate")
    assert (told["numerator"], told["denominator"], told["n"]) == (3, 12, 3)
    assert told["value"] == 0.25
    assert [(one["because"], one["units"]) for one in told["top_reasons"]] == [
        ("did not like it", 2),
        ("too large", 1),
    ]


def test_a_perfect_order_is_on_time_in_full_and_without_an_error():
    in_time = datetime(2026, 3, 11, 12, tzinfo=UTC)
    promised(date(2026, 3, 12), in_time)
    a_refund(promised(date(2026, 3, 12), in_time), NOON + 48 * HOUR, because="arrived damaged")
    promised(date(2026, 3, 12), in_time + timedelta(days=5))
    short = promised(date(2026, 3, 12), in_time)
    sql.run("update orders_line set ordered = 2, sold = 2, cancelled = 1 where order_id = %s", (short,))
    assert (kpi("perfect_order_rate")["value"], kpi("perfect_order_rate")["n"]) == (0.25, 4)


def test_ratings():
    for score in (5, 4, 3, 1):
        a_rating(NOON, score)
    for score in (10, 9, 9, 7, 2):
        a_rating(NOON, score, kind="nps")
    assert (kpi("csat")["value"], kpi("csat")["n"]) == (0.5, 4)
    assert kpi("csat_mean")["value"] == 3.25
    assert (kpi("nps")["value"], kpi("nps")["n"]) == (40, 5)


def test_turnover_and_ageing_are_read_from_the_ledger_at_cost():
    a_location("BER")
    sku = a_sku("LAMP")
    a_sku("BULB")
    sql.run("update catalog_sku set cost_minor = 100, currency = 'EUR' where code = 'LAMP'")
    old, fresh = NOON - timedelta(days=120), NOON - timedelta(days=5)
    moves = [("a", 10, "world:supplier", "BER", old), ("b", 10, "world:supplier", "BER", fresh)]
    moves += [("c", 5, "BER", "world:customer", datetime(2026, 3, 15, 12, tzinfo=UTC))]
    for key, units, source, target, at in moves:
        post([Move(key, sku, units, source, target, "test")], by="test", at=at)
    bulb = sql.run("select id from catalog_sku where code = 'BULB'")[0][0]
    post([Move("d", bulb, 3, "world:supplier", "BER", "test")], by="test", at=fresh)
    # Ten days: five close with 20, five with 15. 5 sold of 17.5 on average, in 10 of 365 days.
    turnover = kpi("inventory_turnover")
    assert turnover["value"] == pytest.approx(5 / 17.5 * 36.5)
    assert (turnover["n"], turnover["skus_without_cost"]) == (1, 1)
    # 15 left, 10 of them came within 90 days: 5 of the old ones are still there.
    assert kpi("aging_stock_share")["value"] == pytest.approx(5 / 15)
    (bucket,) = kpi("aging_stock_share")["buckets"]
    assert bucket["value_minor"] == {
        "0–30": 1000,
        "31–60": 0,
        "61–90": 0,
        "91–180": 500,
        "181–365": 0,
        "over 365": 0,
    }


def test_a_figure_is_provisional_until_its_window_closes():
    a_sold_order(NOON)
    assert kpi("return_rate", days=1, at=NOON + timedelta(days=60))["provisional"]
    assert not kpi("return_rate", days=1, at=NOON + timedelta(days=61))["provisional"]
    assert kpi("return_rate", days=1)["provisional_until"] == "2026-05-10"
