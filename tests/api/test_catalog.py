"""SKUs, kits, aliases and barcodes over HTTP."""

import pytest

from quartermaster.testing.builders import a_connection, a_location, a_sku, an_order, flow
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db


def test_a_sku_is_made_changed_and_read_back(program):
    made = program.post(
        "/api/skus", {"code": "LAMP/RED", "title": "Lamp", "weight_g": 900, "barcodes": {"4006381333931": 1}}
    )
    assert made.status_code == 201
    assert made.json()["policy"] == "backorder"
    assert made.json()["kit"] == {}

    changed = program.send("PATCH", "/api/skus/LAMP/RED", {"cost_minor": 1299, "currency": "EUR"})
    assert changed.json() == {**made.json(), "cost_minor": 1299, "currency": "EUR"}
    assert program.get("/api/skus/LAMP/RED").json() == changed.json()
    assert program.get("/api/skus?barcode=4006381333931").json()["items"] == [changed.json()]
    assert program.get("/api/skus?barcode=1").json()["items"] == []
    problem(program.send("PATCH", "/api/skus/NOPE", {"title": "x"}), 404, "not-found")


def test_skus_are_paged(program):
    for n in range(3):
        a_sku(f"SKU-{n}")

    first = program.get("/api/skus?limit=2").json()
    rest = program.get(f"/api/skus?after={first['next']}").json()

    assert [sku["code"] for sku in first["items"] + rest["items"]] == ["SKU-0", "SKU-1", "SKU-2"]
    assert rest["next"] is None


def test_an_order_that_waits_for_a_sku_is_healed_when_it_appears(program):
    number = an_order(("NEW", 1))
    assert program.get(f"/api/orders/{number}").json()["lines"][0]["is_known"] is False

    program.post("/api/skus", {"code": "NEW"})
    flow()

    (line,) = program.get(f"/api/orders/{number}").json()["lines"]
    assert (line["sku"], line["is_known"]) == ("NEW", True)


def test_an_alias_says_what_a_channel_calls_a_sku(program):
    a_connection("acme")
    a_sku("LAMP")
    number = an_order(("THEIR-LAMP", 1))

    alias = {"connection": "acme", "code": "THEIR-LAMP", "sku": "LAMP"}
    assert program.post("/api/aliases", alias).status_code == 201
    flow()

    assert program.get(f"/api/orders/{number}").json()["lines"][0]["sku"] == "LAMP"
    assert program.get("/api/aliases?connection=acme").json()["items"] == [alias]
    for _ in range(2):
        gone = program.send("DELETE", "/api/aliases?connection=acme&code=THEIR-LAMP", idempotency_key="k")
        assert (gone.status_code, gone.content) == (204, b"")
    assert program.get("/api/aliases").json()["items"] == []
    told = problem(program.post("/api/aliases", {**alias, "sku": "NOPE"}), 422, "invalid")
    assert [error["field"] for error in told["errors"]] == ["sku"]


def test_a_kit_is_what_can_be_made_of_its_parts(program):
    a_location("BER")
    a_sku("LAMP", BER=3)
    a_sku("BULB", BER=4)
    a_sku("SET")

    kit = program.send("PUT", "/api/kits/SET", {"parts": {"LAMP": 1, "BULB": 2}}).json()

    assert kit["kit"] == {"BULB": 2, "LAMP": 1}
    (level,) = program.get("/api/stock?sku=SET").json()
    assert level["available"] == 2
    told = problem(program.send("PUT", "/api/kits/LAMP", {"parts": {"SET": 1}}), 422, "invalid")
    assert "SET" in told["errors"][0]["because"]
    number = an_order(("SET", 2))
    (allocation,) = program.get(f"/api/orders/{number}").json()["allocations"]
    assert allocation["lines"] == [{"sku": "BULB", "quantity": 4}, {"sku": "LAMP", "quantity": 2}]


def test_a_barcode_is_forgotten_and_may_be_given_to_another(program):
    program.post("/api/skus", {"code": "LAMP", "barcodes": {"123": 1}})
    problem(program.post("/api/skus", {"code": "BULB", "barcodes": {"123": 1}}), 409, "barcode-taken")

    assert program.send("DELETE", "/api/barcodes/123").status_code == 204

    assert program.post("/api/skus", {"code": "BULB", "barcodes": {"123": 12}}).status_code == 201
    problem(program.send("DELETE", "/api/barcodes/999"), 404, "not-found")


def test_a_body_that_is_missing_is_named(program):
    told = problem(program.post("/api/skus"), 422, "invalid")
    assert [error["field"] for error in told["errors"]] == ["body"]
