"""Orders over HTTP: the document of the contract, lists, holds, changes, cancelling."""

import pytest

from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku, an_order, flow
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def number():
    """Two lamps sold, three in Berlin."""
    a_location("BER")
    a_sku("LAMP", BER=3)
    return an_order(("LAMP", 2), name="#1001")


def test_an_order_reads_as_the_contract_says(program, number):
    order = program.get(f"/api/orders/{number}").json()

    assert order["number"] == number
    assert order["connection"] == "acme"
    assert order["external_name"] == "#1001"
    assert order["placed_at"] == "2026-11-02T09:00:00Z"
    assert order["currency"] == "EUR"
    assert order["status"] == "allocated"
    assert order["holds"] == []
    assert order["totals"]["total"] == {"minor": 2000, "currency": "EUR"}
    assert order["totals"]["refundable"] == {"minor": 2000, "currency": "EUR"}
    assert order["customer"]["email"].endswith("@example.com")
    assert order["ship_to"]["country"] == "DE"
    (line,) = order["lines"]
    assert isinstance(line["id"], str)
    assert line["sku"] == "LAMP"
    assert line["is_known"] is True
    assert (line["ordered"], line["open"], line["allocated"]) == (2, 0, 2)
    assert line["unit_price"] == {"minor": 1000, "currency": "EUR"}
    (allocation,) = order["allocations"]
    assert allocation["location"] == "BER"
    assert allocation["because"]
    assert allocation["lines"] == [{"sku": "LAMP", "quantity": 2}]
    assert order["parcels"] == []
    assert order["version"] >= 1


def test_an_order_nobody_knows_is_a_404_problem(program):
    for number in ("SO-1", "SO-007", "1", "SO-99999999999999999999", "SO-1'--", "SO-%00", "%F0%9F%98%80"):
        problem(program.get(f"/api/orders/{number}"), 404, "not-found")


def test_an_order_that_did_not_change_is_not_sent_again(program, number):
    first = program.get(f"/api/orders/{number}")
    again = program.get(f"/api/orders/{number}", if_none_match=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    program.post(f"/api/orders/{number}/holds", {"kind": "manual", "because": "asked by phone"})
    changed = program.get(f"/api/orders/{number}", if_none_match=first.headers["ETag"])
    assert changed.status_code == 200


def test_an_order_that_was_served_meanwhile_is_another_version(program, number):
    waiting = an_order(("LAMP", 3))
    before = program.get(f"/api/orders/{waiting}")
    assert before.json()["status"] == "backordered"

    arrival = {"sku": "LAMP", "quantity": 5, "from": "world:supplier", "to": "BER", "because": "received"}
    program.post("/api/stock/movements", {"movements": [arrival]}, idempotency_key="k")
    flow()

    after = program.get(f"/api/orders/{waiting}", if_none_match=before.headers["ETag"])
    assert after.status_code == 200
    assert after.json()["status"] == "allocated"


def test_a_list_finds_by_connection_external_id_and_status(program, number):
    other = an_order(("UNKNOWN", 1), connection="other")
    external_id = program.get(f"/api/orders/{number}").json()["external_id"]

    def found(query: str) -> list[str]:
        return [order["number"] for order in program.get(f"/api/orders?{query}").json()["items"]]

    assert found("") == [other, number]
    assert found("connection=acme") == [number]
    assert found("connection=nobody") == []
    assert found(f"external_id={external_id}") == [number]
    assert found(f"external_id={external_id}&connection=other") == []
    assert found("status=allocated") == [number]
    assert found("status=on_hold") == [other]


def test_pages_join_without_gap_or_overlap(program, number):
    numbers = [number, *(an_order(("LAMP", 1)) for _ in range(4))]

    seen, after = [], ""
    while True:
        page = program.get(f"/api/orders?limit=2&after={after}").json()
        seen += [order["number"] for order in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]

    assert seen == numbers[::-1]


def test_a_page_of_orders_costs_the_same_statements_whatever_its_size(program, number):
    def statements(limit: int) -> int:
        with sql.counted() as run:
            assert len(program.get(f"/api/orders?limit={limit}").json()["items"]) == limit
        return len(run)

    for _ in range(3):
        an_order(("LAMP", 1), ("LAMP", 1))

    assert statements(1) == statements(4)


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "after=007", "limit=0", "limit=201", "limit=1.5", "status=lost"]
)
def test_a_bad_question_is_the_callers_mistake(program, query):
    problem(program.get(f"/api/orders?{query}"), 422, "invalid")


def test_a_hold_is_placed_and_released_with_its_reason(program, number):
    held = program.post(
        f"/api/orders/{number}/holds",
        {"kind": "fraud", "because": "three cards", "owner": "ann", "expires_at": "2030-01-01T00:00:00Z"},
    )
    assert held.status_code == 201
    (hold,) = held.json()["holds"]
    assert (hold["kind"], hold["because"], hold["owner"]) == ("fraud", "three cards", "ann")
    assert hold["expires_at"] == "2030-01-01T00:00:00Z"
    assert hold["placed_by"].startswith("token:")
    assert held.json()["status"] == "on_hold"

    released = program.send("DELETE", f"/api/orders/{number}/holds/fraud?because=the+bank+confirmed")

    assert released.status_code == 200
    assert released.json()["holds"] == []
    problem(program.send("DELETE", f"/api/orders/{number}/holds/fraud"), 404, "not-found")


def test_a_hold_nobody_knows_is_refused_with_the_field_named(program, number):
    told = problem(
        program.post(f"/api/orders/{number}/holds", {"kind": "mood", "because": "no"}), 422, "invalid"
    )
    assert [error["field"] for error in told["errors"]] == ["kind"]


def test_part_of_an_order_is_cancelled_and_its_units_come_free(program, number):
    line = program.get(f"/api/orders/{number}").json()["lines"][0]["id"]

    answer = program.post(
        f"/api/orders/{number}/cancel", {"because": "too many", "lines": [{"id": line, "quantity": 1}]}
    )
    assert answer.status_code == 200
    flow()

    (line_now,) = program.get(f"/api/orders/{number}").json()["lines"]
    assert (line_now["allocated"], line_now["cancelled"]) == (1, 1)
    (level,) = program.get("/api/stock?sku=LAMP").json()
    assert level["reserved"] == 1


def test_all_of_an_order_is_cancelled(program, number):
    assert program.post(f"/api/orders/{number}/cancel", {"because": "changed my mind"}).status_code == 200
    flow()

    order = program.get(f"/api/orders/{number}").json()
    assert order["status"] == "cancelled"
    assert order["allocations"] == []
    again = problem(program.post(f"/api/orders/{number}/cancel", {"because": "again"}), 409, "too-late")
    assert again["title"].endswith("It is cancelled.")


def test_an_edit_made_on_an_older_version_is_refused_and_names_the_current_one(program, number):
    version = program.get(f"/api/orders/{number}").json()["version"]
    wanted = {"because": "urgent", "priority": 5}

    first = program.send("PATCH", f"/api/orders/{number}", wanted, if_match=f'"{version}"')
    assert first.status_code == 200
    assert first.json()["priority"] == 5
    assert first.json()["version"] > version

    by_header = program.send("PATCH", f"/api/orders/{number}", wanted, if_match=f'"{version}"')
    by_field = program.send("PATCH", f"/api/orders/{number}", {**wanted, "version": version})
    for answer in (by_header, by_field):
        told = problem(answer, 409, "changed-meanwhile")
        assert str(first.json()["version"]) in told["title"]


def test_an_edit_takes_units_off_and_changes_the_address(program, number):
    line = program.get(f"/api/orders/{number}").json()["lines"][0]["id"]
    address = {"name": "Ann", "line1": "Road 2", "city": "Köln", "postcode": "50667", "country": "DE"}

    answer = program.send(
        "PATCH",
        f"/api/orders/{number}",
        {"because": "moved", "lines": [{"id": line, "ordered": 1}], "ship_to": address},
    )
    assert answer.status_code == 200
    flow()

    order = program.get(f"/api/orders/{number}").json()
    assert order["ship_to"]["city"] == "Köln"
    assert order["lines"][0]["allocated"] == 1
    problem(program.send("PATCH", f"/api/orders/{number}", {"because": "nothing"}), 422, "invalid")


def test_what_can_still_be_changed_is_told_before_anything_happens(program, number):
    told = program.get(f"/api/orders/{number}/changes").json()

    changes = {change["change"]: change for change in told["changes"]}
    assert set(changes) == {"edit", "cancel", "address", "shipping", "hold", "merge"}
    assert changes["cancel"]["is_possible"] is True
    assert changes["cancel"]["costs"] == ["release_stock"]
    assert "stock" in changes["cancel"]["becomes"]


def test_a_timeline_tells_everything_that_happened_oldest_first(program, number):
    program.post(f"/api/orders/{number}/holds", {"kind": "manual", "because": "asked by phone"})

    first = program.get(f"/api/events?subject=order:{number}&limit=1").json()
    rest = program.get(f"/api/events?subject=order:{number}&after={first['next']}").json()

    names = [event["name"] for event in (*first["items"], *rest["items"])]
    assert names[0] == "OrderAccepted"
    assert "HoldPlaced" in names
    assert rest["next"] is None
    assert rest["items"][-1]["actor"].startswith(("token:", "system"))
