"""OMS-7 over HTTP: what a change comes to, before it happens and after."""

import pytest

from quartermaster.testing.builders import a_location, a_sku, an_order, flow
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def number():
    """Two lamps sold, three in Berlin."""
    a_location("BER")
    a_sku("LAMP", BER=3)
    a_sku("BULB", BER=10)
    return an_order(("LAMP", 2))


def euros(minor):
    return {"minor": minor, "currency": "EUR"}


def an_edit(program, number):
    line = program.get(f"/api/orders/{number}").json()["lines"][0]["id"]
    return {
        "because": "asked by phone",
        "lines": [{"id": line, "ordered": 4, "unit_price": euros(900)}],
        "add": [{"sku": "BULB", "quantity": 2, "unit_price": euros(250)}],
        "shipping": {"method": "Express", "price": euros(490)},
    }


def test_a_dry_run_tells_the_numbers_and_changes_nothing(program, number):
    before = program.get(f"/api/orders/{number}").json()
    wanted = an_edit(program, number)

    foreseen = program.post(f"/api/orders/{number}/edits?dry_run=true", wanted).json()
    assert program.get(f"/api/orders/{number}").json() == before
    assert foreseen["version"] == before["version"]
    assert foreseen["deltas"]["items"] == euros(4 * 900 - 2000 + 500)
    assert foreseen["deltas"]["shipping"] == euros(490)
    assert foreseen["deltas"]["total"] == foreseen["due"] == euros(2590)
    assert (foreseen["answer"], foreseen["costs"]) == ("free", [])  # nothing comes off
    lamp, bulb = foreseen["stock"]
    assert (lamp["units"], lamp["waiting"]) == (2, 1)
    assert lamp["sites"] == [{"location": "BER", "quantity": 1}]
    assert lamp["because"]
    assert (bulb["units"], bulb["waiting"], bulb["sites"]) == (2, 0, [{"location": "BER", "quantity": 2}])

    done = program.post(f"/api/orders/{number}/edits", wanted, if_match=f'"{foreseen["version"]}"').json()
    ids = {"line": None, "dry_run": None, "version": None}
    assert {**done, **ids, "stock": [{**one, **ids} for one in done["stock"]]} == {
        **foreseen,
        **ids,
        "stock": [{**one, **ids} for one in foreseen["stock"]],
    }
    flow()
    order = program.get(f"/api/orders/{number}").json()
    assert order["version"] > done["version"] >= foreseen["version"] + 1
    assert order["totals"]["total"] == euros(2000 + 2590)
    assert order["totals"]["adjusted"] == order["totals"]["due"] == euros(2590)
    assert [line["is_ours"] for line in order["lines"]] == [False, True]
    assert [line["unit_price"] for line in order["lines"]] == [euros(900), euros(250)]
    assert order["shipping_method"] == "Express"
    assert [hold["kind"] for hold in order["holds"]] == ["due"]
    (step,) = order["adjustments"]
    assert (step["because"], step["total"]) == ("asked by phone", euros(2590))
    assert program.get("/api/orders?difference=due").json()["items"] == [order]
    assert program.get("/api/orders?difference=owed").json()["items"] == []

    waived = program.post(f"/api/orders/{number}/edits", {"because": "our mistake", "waive_due": True}).json()
    assert (waived["due"], waived["deltas"]["total"]) == (euros(0), euros(0))
    assert program.get(f"/api/orders/{number}").json()["holds"] == []


def test_a_change_made_meanwhile_is_kept(program, number):
    wanted = an_edit(program, number)
    foreseen = program.post(f"/api/orders/{number}/edits?dry_run=true", wanted).json()
    program.post(f"/api/orders/{number}/holds", {"kind": "manual", "because": "wait"})
    stale = {**wanted, "version": foreseen["version"]}
    problem(program.post(f"/api/orders/{number}/edits", stale), 409, "changed-meanwhile")
    problem(program.post(f"/api/orders/{number}/edits?dry_run=true", stale), 409, "changed-meanwhile")


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"add": [{"sku": "BULB", "quantity": 1}]},
        {"add": [{"sku": "VASE", "quantity": 1, "unit_price": {"minor": 1, "currency": "EUR"}}]},
        {"add": [{"sku": "BULB", "quantity": 1, "unit_price": {"minor": 1, "currency": "USD"}}]},
        {"add": [{"sku": "BULB", "quantity": 1, "unit_price": {"minor": -1, "currency": "EUR"}}]},
        {"add": [{"sku": "BULB", "instead_of": "999999"}]},
        {"lines": [{"id": "999999", "ordered": 1}]},
        {"shipping": {"price": {"minor": 1, "currency": "USD"}}},
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(program, number, wanted):
    given = {"because": "why not", **wanted}
    assert problem(program.post(f"/api/orders/{number}/edits", given), 422, "invalid")["errors"]
