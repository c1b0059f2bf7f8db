"""Stuck deliveries and the outbox over HTTP."""

import pytest

from quartermaster.core import sql
from quartermaster.testing.builders import an_order, flow
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def stuck():
    """The first fact of an order is stuck at allocation, and a later one waits behind it."""
    number = an_order(("LAMP", 1))
    sql.run(
        "insert into core_delivery (event_id, listener, subject, attempts, stuck_at, because) "
        "select id, 'allocation.allocate', subject, 5, case when name = 'OrderAccepted' then now() end, "
        "'KeyError: 7' from core_event where subject = %s and name in ('OrderAccepted', 'HoldPlaced')",
        (f"order:{number}",),
    )
    return number


def test_what_is_stuck_says_why_and_goes_again(program, stuck):
    (found,) = program.get("/api/stuck").json()["items"]
    assert found["listener"] == "allocation.allocate"
    assert found["subject"] == f"order:{stuck}"
    assert found["event"] == "OrderAccepted"
    assert found["because"] == "KeyError: 7"

    assert program.post(f"/api/stuck/{found['id']}/retry").status_code == 202

    assert program.get("/api/stuck").json()["items"] == []
    flow()
    assert sql.run("select from core_delivery") == []
    names = [event["name"] for event in program.get(f"/api/events?subject=order:{stuck}").json()["items"]]
    assert "DeliveryRetried" in names
    problem(program.post(f"/api/stuck/{found['id']}/retry"), 404, "not-found")


def test_the_outbox_is_read_newest_first_and_by_state(program):
    for n, state in enumerate(("queued", "confirmed", "unknown"), 1):
        sql.run(
            "insert into core_outbox (key, task, subject, body, state, because) "
            "values (%s, 'shop.fulfil', 'order:SO-1', '{}', %s, 'because')",
            (f"k{n}", state),
        )

    def found(query):
        return [wish["key"] for wish in program.get(f"/api/outbox?{query}").json()["items"]]

    assert found("") == ["k3", "k2", "k1"]
    assert found("state=unknown") == ["k3"]
    assert found("limit=1") == ["k3"]
    problem(program.get("/api/outbox?state=gone"), 422, "invalid")
