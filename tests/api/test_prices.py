"""/api/prices and /api/channels/{slug}/prices."""

import pytest
from tests.channels.conftest import Stand, a_stand
from tests.channels.priced import work

from quartermaster.testing.builders import a_sku
from quartermaster.testing.program import Program, problem

LIST, SHOP = "/api/prices/lists/Retail", "/api/channels/east"


@pytest.fixture
def stand(program: Program, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """A shop that sells a lamp and a bulb, and is told of prices of the list Retail."""
    stand = a_stand(monkeypatch)
    for code in ("LAMP", "BULB"):
        a_sku(code, BER=9)
    stand.offer("LAMP", "BULB", slugs=["east"])
    work()
    made = program.post("/api/prices/lists", {"name": "Retail", "currency": "EUR", "far_rows": 2})
    assert (made.status_code, made.json()["far_percent"]) == (201, 30)
    problem(
        program.post("/api/prices/lists", {"name": "Retail", "currency": "EUR"}), 409, "price-list-exists"
    )
    told = program.send("PATCH", f"{SHOP}/pricing", {"mode": "live", "price_list": "Retail"}).json()
    assert (told["mode"], told["price_list"], told["change_percent"]) == ("live", "Retail", 30)
    assert program.get(f"{SHOP}/pricing").json() == told
    return stand


def test_prices_are_written_explained_held_back_and_let_through(program: Program, stand: Stand) -> None:
    rows = [{"sku": "LAMP", "price_minor": 1100}, {"sku": "NONE", "price_minor": 5}]
    assert program.send("PUT", LIST, {"rows": rows, "is_preview": True}).json()["state"] == "preview"
    written = program.send("PUT", LIST, {"rows": rows}).json()
    assert [row["outcome"] for row in written["rows"]] == ["new", "refused"]
    work()
    assert stand.shelves.costs("east", "LAMP") == 1100
    rules = {"market": "FR", "shows_was": True}
    listed = program.send("PATCH", LIST, rules).json()
    assert (listed["market"], listed["shows_was"], listed["far_rows"]) == ("FR", True, 2)
    problem(program.send("PATCH", LIST, {"market": ""}), 422, "invalid")
    (lamp,) = program.get("/api/prices?connection=east&q=LA").json()["items"]
    assert (lamp["wanted_minor"], lamp["confirmed_minor"], lamp["state"]) == (1100, 1100, "idle")
    why = program.get(f"{SHOP}/prices/explain?listing=L-LAMP").json()
    assert (why["price_minor"], why["floor_minor"], why["told"][0]["outcome"]) == (1100, None, "taken")
    assert (why["was_minor"], why["was_because"], lamp["was_minor"]) == (None, "", None)
    assert program.get(f"{LIST}?q=LA").json()["items"][0]["price_minor"] == 1100

    program.send("PUT", LIST, {"rows": [{"sku": "LAMP", "price_minor": 100}]})
    work()
    (held,) = program.get("/api/prices?show=blocked").json()["items"]
    assert held["blocked_by"] == "change"
    let = {"listings": ["L-LAMP"], "because": "clearing"}
    assert program.post(f"{SHOP}/prices/let-through", let).json() == {"prices": 1}
    work()
    problem(program.post(f"{SHOP}/prices/let-through", let), 422, "price-cannot-be-let")
    assert program.post(f"{SHOP}/prices/push", {"listings": ["L-LAMP"]}).json() == {"prices": 1}


def test_held_changes_are_decided_and_a_sale_is_planned_and_withdrawn(program: Program, stand: Stand) -> None:
    own = {"rows": [{"listing": "L-BULB", "own_minor": 1200}]}
    assert program.send("PATCH", f"{SHOP}/prices", own).json()[0]["own_minor"] == 1200
    rows = [{"sku": "LAMP", "price_minor": 1000}, {"sku": "BULB", "price_minor": 1000}]
    program.send("PUT", LIST, {"rows": rows})
    for decision, answer in (("withdraw", 204), ("let", 200)):
        far = [{"sku": code, "price_minor": 5} for code in ("LAMP", "BULB")]
        batch = program.send("PUT", LIST, {"rows": far}).json()["batch"]
        assert program.get("/api/prices/batches?held=true").json()[0]["id"] == str(batch)
        done = program.post(f"/api/prices/batches/{batch}/{decision}", {"because": "seen"})
        assert done.status_code == answer
    sale = {
        "sku": "LAMP",
        "price_minor": 4,
        "starts_at": "2098-01-01T00:00:00Z",
        "ends_at": "2098-02-01T00:00:00Z",
    }
    planned = program.post(f"{LIST}/sales", sale).json()
    assert planned["state"] == "planned"
    problem(program.post(f"{LIST}/sales", sale), 409, "sales-overlap")
    everywhere = program.get("/api/prices/skus/LAMP").json()
    assert [len(everywhere[name]) for name in ("lists", "sales", "channels")] == [1, 1, 1]
    assert program.send("DELETE", f"/api/prices/sales/{planned['id']}").status_code == 204
    assert program.get("/api/prices/sales?is_open=true").json() == []
    assert program.get("/api/prices/lists").json()[0]["shops"] == ["east"]
    problem(program.get("/api/prices/skus/NONE"), 404, "not-found")
