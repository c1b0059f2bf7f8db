"""/api/refunds, and what of an order can still be given back."""

import pytest

from quartermaster.core import sql
from quartermaster.orders.actions import cancel
from quartermaster.testing.builders import SOLD_AT, a_location, a_sku, an_order, flow
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db


def test_a_refund_is_told_with_its_sum_and_what_is_left_of_each_line(program):
    a_location("BER")
    a_sku("LAMP", BER=3)
    number = an_order(("LAMP", 2))
    ((line,),) = sql.run("select id from orders_line")
    cancel(number, lines={line: 1}, because="one less", at=SOLD_AT, by="user:1")
    flow()

    found = program.get(f"/api/orders/{number}/refunds").json()
    (one,) = found["refunds"]
    assert one == program.get("/api/refunds").json()["items"][0]
    assert (one["state"], one["cause"], one["because"]) == ("due", "change", "one less")
    assert one["sum"] == "EUR 10.00 items = EUR 10.00"
    assert [found[name]["minor"] for name in ("paid", "refunded", "due", "refundable")] == [
        2000,
        0,
        1000,
        1000,
    ]
    assert found["lines"][0]["refundable"] == {"minor": 1000, "currency": "EUR"}
    assert program.get("/api/refunds?state=settled").json()["items"] == []
    problem(program.get("/api/orders/SO-0/refunds"), 404, "not-found")


def test_the_refund_policy_is_read_changed_and_versioned(program):
    assert program.get("/api/refund-policy").json()["version"] == 0
    wanted = {
        "refunds_shipping": True,
        "fee_minor": {"EUR": 350},
        "basis": 0,
        "because": "the way back costs",
    }
    assert program.send("PUT", "/api/refund-policy", wanted).json()["fee_minor"] == {"EUR": 350}
    problem(program.send("PUT", "/api/refund-policy", wanted), 409, "version-conflict")
    problem(
        program.send("PUT", "/api/refund-policy", {"fee_minor": {"EURO": 1}, "because": "x"}), 422, "invalid"
    )
    assert program.get("/api/refund-policy").json()["version"] == 1


def test_a_refund_is_not_given_back_through_a_shop_that_is_only_read(program):
    a_location("BER")
    a_sku("LAMP", BER=3)
    number = an_order(("LAMP", 2))
    cancel(number, because="not wanted", at=SOLD_AT, by="user:1")
    flow()
    ((refund,),) = sql.run("select 'R-' || id from money_refund")
    problem(program.send("POST", f"/api/refunds/{refund}/payout", {}), 409, "not-payable")
    problem(program.send("POST", "/api/refunds/R-0/payout", {}), 404, "not-found")
    assert program.get(f"/api/orders/{number}/told").json() == []
