"""Orders at a warehouse whose own programs come to our API, from the sale to the parcel."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from quartermaster.core import doctor, sql
from quartermaster.core.errors import NotFound
from quartermaster.inbound.actions import NewArrival, expect_arrival
from quartermaster.orders.actions import cancel
from quartermaster.outside.actions import book_receipt, work_outside
from quartermaster.testing.program import Program, problem

from .conftest import NOW, Company
from .test_outside import ORDER, rows, settle, sold, told

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "work-a-site-over-the-api.md"
LEFT = "2026-11-02T15:00:00Z"


@pytest.fixture
def reno(company: Company) -> Company:
    """RNO is worked by others, whose programs come to us."""
    company.site("RNO")
    sql.run("insert into inbox_connection (slug, kind) values ('reno', 'site_api')")
    work_outside("RNO", "reno", at=NOW, by="user:1")
    company.sku("LAMP", RNO=5)
    return company


@pytest.fixture
def theirs() -> Program:
    return Program("site:RNO")


def fetched(theirs: Program) -> list[dict[str, Any]]:
    answer = theirs.get("/api/outside/RNO/orders")
    assert answer.status_code == 200, answer.content
    return list(answer.json()["items"])


def say(theirs: Program, order: dict[str, Any], what: str, **body: object) -> dict[str, Any]:
    answer = theirs.post(f"/api/outside/RNO/orders/{order['reference']}/{what}", body)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def parcel(name: str, units: int, *, is_last: bool = True) -> dict[str, Any]:
    items = [{"sku": "LAMP", "quantity": units}]
    return {"parcel": name, "shipped_at": LEFT, "tracking_number": f"T-{name}", "items": items} | {
        "is_last": is_last
    }


def test_an_order_is_fetched_acknowledged_and_shipped_once(reno: Company, theirs: Program) -> None:
    number = sold(reno, ("LAMP", 2))
    (order,) = fetched(theirs)
    assert (order["order"], order["state"], order["items"]) == (
        number,
        "sent",
        [{"sku": "LAMP", "quantity": 2}],
    )
    assert order["receiver"]["country"]

    assert say(theirs, order, "acknowledge", number="W-1")["outcome"] == "taken"
    assert say(theirs, order, "acknowledge", number="W-1")["outcome"] == "known"
    assert say(theirs, order, "shipments", **parcel("A", 1, is_last=False))["outcome"] == "taken"
    assert [one["parcels"] for one in fetched(theirs)] == [["A"]]
    assert say(theirs, order, "shipments", **parcel("B", 1))["outcome"] == "taken"
    assert say(theirs, order, "shipments", **parcel("B", 1))["outcome"] == "known"
    settle(reno)

    assert fetched(theirs) == []
    assert rows() == [("shipped", "")]
    assert reno.status(ORDER) == "shipped"
    assert reno.stock() == {"LAMP@RNO": (3, 0)}
    assert told("ParcelHandedOver") == 2


def test_what_cannot_be_changes_nothing_and_is_shown_to_a_person(reno: Company, theirs: Program) -> None:
    sold(reno, ("LAMP", 2))
    (order,) = fetched(theirs)
    answer = say(theirs, order, "shipments", **parcel("A", 3))
    assert answer["outcome"] == "unclear"
    assert answer["because"] == "RNO says it shipped 3 × LAMP (2 are to be shipped)"
    assert told("OutsideUnclear") == 1

    say(theirs, order, "shipments", **parcel("A", 2))
    late = say(theirs, order, "cancelled", because="never mind")
    assert (late["outcome"], late["because"]) == ("unclear", "it is shipped")
    assert reno.stock() == {"LAMP@RNO": (3, 0)}


def test_an_order_is_asked_back_and_its_units_are_free_by_their_word(reno: Company, theirs: Program) -> None:
    number = sold(reno, ("LAMP", 2))
    (order,) = fetched(theirs)
    cancel(number, because="changed her mind", at=NOW, by="user:1")
    settle(reno)
    (asked,) = fetched(theirs)
    assert (asked["is_asked_back"], asked["asked_back_because"]) == (True, "the order was cancelled")
    assert sql.run("select sellable from stock_level") == [(3,)]

    assert say(theirs, order, "cancelled", because="taken off the wave")["outcome"] == "taken"
    settle(reno)
    assert rows() == [("cancelled", "asked")]
    assert sql.run("select sellable from stock_level") == [(5,)]


def test_too_late_is_said_and_the_parcel_is_kept(reno: Company, theirs: Program) -> None:
    number = sold(reno, ("LAMP", 2))
    (order,) = fetched(theirs)
    cancel(number, because="changed her mind", at=NOW, by="user:1")
    settle(reno)
    assert say(theirs, order, "goes-on", because="it is on the truck")["outcome"] == "taken"
    assert say(theirs, order, "goes-on", because="it is on the truck")["outcome"] == "known"
    say(theirs, order, "shipments", **parcel("A", 2))
    settle(reno)
    assert rows()[0][0] == "shipped"
    assert told("CancelCameLate") == 1


def test_a_refusal_holds_the_order_with_their_reason(reno: Company, theirs: Program) -> None:
    sold(reno, ("LAMP", 2))
    (order,) = fetched(theirs)
    say(theirs, order, "refuse", because="no box for it")
    settle(reno)
    assert sql.run("select because from orders_hold") == [("RNO refused it: no box for it",)]


def test_damaged_units_that_came_in_are_booked_and_never_sold(reno: Company, theirs: Program) -> None:
    items = [{"sku": "LAMP", "quantity": 4}, {"sku": "LAMP", "quantity": 1, "is_damaged": True}]
    receipt = {"reference": "GR-1", "received_at": LEFT, "items": items, "because": "one box was wet"}
    for is_new in (True, False):
        answer = theirs.post("/api/outside/RNO/receipts", receipt)
        assert answer.json() == {"reference": "GR-1", "is_new": is_new}
    assert sql.run("select on_hand, sellable from stock_level") == [(5, 5)]
    ((receipt_id,),) = sql.run("select id from outside_receipt")
    for _ in range(2):
        book_receipt(receipt_id, at=NOW, by="user:1")
    assert sql.run("select sellable from stock_level") == [(9,)]
    damaged = sql.run("select quantity from stock_balance where state = 'damaged' and quantity > 0")
    assert damaged == [(1,)]


def test_what_was_expected_comes_in_parts_and_the_rest_is_short(reno: Company, theirs: Program) -> None:
    expected = NewArrival(site="RNO", kind="po", supplier="acme", reference="PO-7", lines={"LAMP": 10})
    arrival = expect_arrival(expected, at=NOW, by="user:1")
    assert sql.run("select on_hand, incoming from stock_level") == [(5, 10)]
    parts: list[list[dict[str, object]]] = [
        [{"sku": "LAMP", "quantity": 6}],
        [{"sku": "LAMP", "quantity": 2}, {"sku": "LAMP", "quantity": 1, "is_damaged": True}],
    ]
    for n, items in enumerate(parts, 1):
        theirs.post(
            "/api/outside/RNO/receipts", {"reference": f"GR-{n}", "received_at": LEFT, "items": items}
        )
        ((receipt_id,),) = sql.run("select id from outside_receipt where booked_at is null")
        for _ in range(2):
            book_receipt(receipt_id, arrival_id=arrival, is_last=n == 2, at=NOW, by="user:1")

    assert sql.run("select sellable, incoming from stock_level") == [(13, 0)]
    closed = "select state, closed_because, stored_at is not null from inbound_arrival"
    assert sql.run(closed) == [("received", "RNO told it in GR-2", True)]
    assert sql.run("select expected, received, damaged from inbound_arrival_line") == [(10, 9, 1)]
    assert [finding for finding in doctor.examine() if finding.rows] == []


def test_a_receipt_is_not_booked_into_an_arrival_of_another_site(reno: Company, theirs: Program) -> None:
    reno.site("BER")
    other = NewArrival(site="BER", kind="po", supplier="acme", reference="PO-8", lines={"LAMP": 1})
    arrival = expect_arrival(other, at=NOW, by="user:1")
    items = [{"sku": "LAMP", "quantity": 1}]
    theirs.post("/api/outside/RNO/receipts", {"reference": "GR-1", "received_at": LEFT, "items": items})
    ((receipt_id,),) = sql.run("select id from outside_receipt")
    with pytest.raises(NotFound), transaction.atomic():
        book_receipt(receipt_id, arrival_id=arrival, at=NOW, by="user:1")
    assert sql.run("select booked_at from outside_receipt") == [(None,)]


def test_an_order_of_another_site_is_not_there_and_a_site_of_another_kind_tells_nothing_here(
    reno: Company, theirs: Program
) -> None:
    sold(reno, ("LAMP", 2))
    (order,) = fetched(theirs)
    reno.site("LAX")
    work_outside("LAX", "reno", at=NOW, by="user:1")
    other = Program("site:LAX")
    problem(other.post(f"/api/outside/LAX/orders/{order['reference']}/acknowledge", {}), 404, "not-found")
    problem(other.get("/api/outside/RNO/orders"), 403, "scope-missing")

    sql.run("update inbox_connection set kind = 'csv_folder'")
    problem(theirs.get("/api/outside/RNO/orders"), 409, "site-not-by-api")


def test_pages_end_and_their_calls_are_signs_of_life(reno: Company, theirs: Program) -> None:
    for _ in range(3):
        sold(reno, ("LAMP", 1))
    assert sql.run("select heard_at from outside_site") == [(None,)]
    first = theirs.get("/api/outside/RNO/orders?limit=2").json()
    second = theirs.get(f"/api/outside/RNO/orders?limit=2&after={first['next']}").json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    assert sql.run("select count(*) from outside_heard") == [(1,)]
    assert Program("admin").get("/api/outside/RNO/orders").status_code == 200
    assert sql.run("select count(*) from outside_heard") == [(1,)]


def test_the_guide_s_calls_do_what_it_says(reno: Company, theirs: Program) -> None:
    sold(reno, ("LAMP", 2))
    sold(reno, ("LAMP", 1))
    one, other = fetched(theirs)
    words = {"$QM_URL": "", "$REFERENCE": one["reference"], "$OTHER": other["reference"], "$TOKEN": "-"}
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    calls = [call for block in blocks for call in re.split(r"(?m)^(?=curl )", block) if "curl" in call]
    assert len(calls) == 6
    for call in calls:
        for word, meant in words.items():
            call = call.replace(word, meant)
        said = shlex.split(call)
        method = said[said.index("-X") + 1] if "-X" in said else "GET"
        path = next(each for each in said if each.startswith("/api"))
        body = said[said.index("-d") + 1].encode() if "-d" in said else None
        answer = theirs.send(method, path, body)
        assert answer.status_code == 200, (path, answer.content)
        assert answer.json().get("outcome", "taken") == "taken", path

    assert rows() == [("shipped", ""), ("cancelled", "")]
    assert sql.run("select reference, items->0->>'quantity' from outside_receipt") == [("GR-88", "40")]
    assert sql.run("select reference, skus from outside_report") == [("2026-11-02", 1)]
