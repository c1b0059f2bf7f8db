"""G24: a report of three months ago, asked for again as it was known then, has identical figures; what was
learned since stands apart."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from quartermaster.core import sql
from quartermaster.insight.queries import document
from quartermaster.insight.rules.days import Period
from quartermaster.insight.rules.definitions import KPIS
from quartermaster.testing.history import (
    a_delivery,
    a_parcel,
    a_rating,
    a_refund,
    a_sold_order,
    an_event,
    shipped_order,
)

pytestmark = pytest.mark.django_db
AUGUST = Period(date(2026, 8, 1), date(2026, 8, 31), "Europe/Berlin")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
REPORTED = datetime(2026, 9, 2, 9, tzinfo=UTC)
TODAY = datetime(2026, 12, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report() -> dict[str, Any]:
    """As it was made on 2 September, by whoever asked then."""
    return figures(document(AUGUST, at=REPORTED))


def again() -> dict[str, Any]:
    return document(AUGUST, at=TODAY, known_at=REPORTED)


def figures(told: dict[str, Any]) -> dict[str, Any]:
    return {key: told[key] for key in KPIS}


def company() -> dict[str, int]:
    """An August as it stood on 2 September."""
    made = {}
    due = {"promised_on": date(2026, 8, 14), "promised_at": NOON}
    for name in ("kept", "late", "lost", "edited", "cancelled", "returned"):
        made[name], parcel_id = shipped_order(NOON, hours=20, total_minor=5000, **due)
        if name != "lost":
            a_delivery(parcel_id, NOON + (150 if name == "late" else 60) * HOUR)
            sql.run("update orders_line set delivered = 1 where order_id = %s", (made[name],))
        made[f"parcel of {name}"] = parcel_id
    made["waiting"] = a_sold_order(NOON, units=2, gone=1)
    a_parcel(made["waiting"], NOON + 9 * HOUR, ship_by=NOON + 10 * HOUR)
    a_refund(made["kept"], NOON + 99 * HOUR, because="wrong item")
    a_rating(NOON, 5)
    return made


def test_nothing_learned_since_is_no_correction():
    company()
    assert figures(again()) == report()
    assert again()["late_corrections"] == []


def test_everything_that_is_learned_later_leaves_the_report_as_it_was():
    made = company()
    then = report()
    # an order of August that the channel told of in September
    a_sold_order(NOON, captured_at=REPORTED + HOUR)
    # a delivery the carrier told of late
    a_delivery(made["parcel of lost"], NOON + 70 * HOUR, recorded_at=REPORTED + 2 * HOUR)
    sql.run("update orders_line set delivered = 1 where order_id = %s", (made["lost"],))
    # the rest of an order, handed over in August and told in September
    last = NOON + 300 * HOUR
    a_parcel(made["waiting"], last, handed_over_recorded_at=REPORTED + 3 * HOUR)
    sql.run("update orders_line set open = 0, shipped = 2 where order_id = %s", (made["waiting"],))
    # a total, a cancel, a return with an error, a rating
    sql.run("update orders_order set total_minor = 9000 where id = %s", (made["edited"],))
    an_event("OrderChanged", made["edited"], REPORTED + HOUR, changed={"total_minor": [5000, 9000]})
    sql.run("update orders_order set cancelled_at = %s where id = %s", (NOON, made["cancelled"]))
    an_event("OrderCancelled", made["cancelled"], REPORTED + HOUR, because="late")
    a_refund(made["returned"], NOON + 200 * HOUR, because="arrived damaged", returned=1)
    ((refund,),) = sql.run("select external_id from orders_refund where order_id = %s", (made["returned"],))
    an_event("OrderRefunded", made["returned"], REPORTED + HOUR, refund=refund, amount_minor=500)
    rating = a_rating(NOON, 1)
    sql.run("update support_rating set recorded_at = %s where id = %s", (REPORTED + HOUR, rating))

    told = again()
    assert figures(told) == then
    corrected = {one["key"]: (one["value"], one["value_now"]) for one in told["late_corrections"]}
    assert corrected["orders"] == (7, 8)
    assert corrected["cancellation_rate"] == (0, 1 / 8)
    assert corrected["csat"] == (1, 0.5)
    assert {"sales", "average_order_value", "order_processing_hours", "on_time_delivery_rate"} <= set(
        corrected
    )
    assert {"return_rate", "fulfilment_accuracy", "order_cycle_hours", "perfect_order_rate"} <= set(corrected)
    assert "nps" not in corrected


def test_the_rest_of_an_order_that_is_cancelled_later_was_still_open_then():
    made = company()
    then = report()
    sql.run("update orders_line set open = 0, cancelled = 1 where order_id = %s", (made["waiting"],))
    changed = {"line 1 wanted": [2, 1]}
    an_event("OrderChanged", made["waiting"], REPORTED + HOUR, changed=changed, because="sold out")
    assert figures(again()) == then
    assert [one["key"] for one in again()["late_corrections"]] == [
        "order_processing_hours",
        "fulfilment_accuracy",
    ]


def test_a_promise_made_later_was_none_then():
    made = company()
    sql.run("update orders_order set promised_on = null, promised_at = null where id = %s", (made["kept"],))
    then = report()
    sql.run(
        "update orders_order set promised_on = %s, promised_at = %s where id = %s",
        (date(2026, 8, 14), REPORTED + HOUR, made["kept"]),
    )
    assert figures(again()) == then
