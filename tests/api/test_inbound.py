"""The dock over HTTP: goods are announced, scanned, looked at and put away."""

from base64 import b64encode

import pytest

from quartermaster.core import doctor, sql
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.program import problem

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff a box"


@pytest.fixture
def arrival(program):
    a_location("BER")
    a_sku("LAMP")
    wanted = {"location": "BER", "kind": "asn", "lines": [{"sku": "LAMP", "quantity": 10}], "qc_percent": 10}
    made = program.post("/api/arrivals", {**wanted, "expected_on": "2026-11-30"})
    assert made.status_code == 201, made.content
    return made.json()["id"]


def test_goods_come_in_from_the_notice_to_the_bin(program, arrival):
    scan = {"key": "s1", "code": "LAMP", "quantity": 9, "damaged": 1, "because": "wet"}
    for is_new in (True, False):
        taken = program.post(f"/api/arrivals/{arrival}/receipts", scan).json()
        assert (taken["units"], taken["qc"], taken["left"], taken["is_new"]) == (9, 1, 1, is_new)
    receipt = taken["receipt_id"]
    photo = program.post(f"/api/receipts/{receipt}/photos", {"photo": b64encode(JPEG).decode()})
    assert photo.status_code == 201
    assert program.get(f"/api/receipt-photos/{photo.json()['id']}").content == JPEG
    assert program.post(f"/api/receipts/{receipt}/inspect", {"passed": 1}).status_code == 204
    problem(program.post(f"/api/arrivals/{arrival}/close", {}), 422, "invalid")
    after = program.post(f"/api/arrivals/{arrival}/close", {"because": "supplier short"}).json()
    assert (after["state"], after["lines"][0]["short"], after["to_store"]) == ("received", 1, 8)
    (lying,) = program.get("/api/dock?location=BER").json()
    assert lying["units"] == 8
    told = program.get("/api/put-aways/suggestion?location=BER&sku=LAMP&quantity=8").json()
    assert told["because"] == "no bin can take it"
    done = {"key": "p1", "location": "BER", "sku": "LAMP", "quantity": 8, "place": "A-1"}
    assert program.post("/api/put-aways", done).json()["place"] == "BER/A-1"
    (level,) = program.get("/api/stock?sku=LAMP&location=BER").json()
    assert (level["on_hand"], level["available"], level["incoming"]) == (9, 8, 0)
    assert [one["id"] for one in program.get("/api/arrivals?state=received").json()["items"]] == [arrival]


def test_what_is_expected_is_amended_before_any_of_it_came(program, arrival):
    a_sku("BULB")
    lines = [{"sku": "BULB", "quantity": 4}, {"sku": "LAMP", "quantity": 6}]
    wanted = {"lines": lines, "expected_on": "2026-12-02", "because": "they had less"}
    for _ in range(2):
        after = program.post(f"/api/arrivals/{arrival}/amend", wanted).json()
        assert after["expected_on"] == "2026-12-02"
        assert {line["sku"]: line["expected"] for line in after["lines"]} == {"BULB": 4, "LAMP": 6}
    incoming = "select s.code, l.incoming from stock_level l join catalog_sku s on s.id = l.sku_id order by 1"
    assert sql.run(incoming) == [("BULB", 4), ("LAMP", 6)]
    program.post(f"/api/arrivals/{arrival}/amend", {**wanted, "lines": lines[1:]})
    assert sql.run(incoming) == [("BULB", 0), ("LAMP", 6)]
    problem(program.post(f"/api/arrivals/{arrival}/amend", {**wanted, "lines": []}), 422, "invalid")
    program.post(f"/api/arrivals/{arrival}/receipts", {"key": "s1", "code": "LAMP", "quantity": 1})
    problem(program.post(f"/api/arrivals/{arrival}/amend", wanted), 409, "already-received")
    assert [finding for finding in doctor.examine() if finding.rows] == []


def test_what_does_not_come_is_cancelled(program, arrival):
    problem(
        program.post(f"/api/arrivals/{arrival}/receipts", {"key": "1", "code": "X"}), 422, "unknown-barcode"
    )
    after = program.post(f"/api/arrivals/{arrival}/cancel", {"because": "strike"}).json()
    assert after["state"] == "cancelled"
    problem(program.get("/api/arrivals/999999"), 404, "not-found")


def test_the_rules_are_read_and_changed(program):
    rules = program.get("/api/put-away-rules").json()
    assert (rules["version"], rules["rules"][0]["rule"]) == (0, "cross_dock")
    wanted = {"basis": 0, "because": "simple", "rules": [{"rule": "nearest"}]}
    after = program.send("PUT", "/api/put-away-rules", wanted).json()
    assert (after["version"], len(after["rules"])) == (1, 1)
    problem(program.send("PUT", "/api/put-away-rules", wanted), 409, "version-conflict")


def test_a_transfer_is_planned_shipped_and_taken_back(program):
    for site in ("BER", "MUC"):
        a_location(site)
    a_sku("LAMP", BER=5)
    line = {"sku": "LAMP", "quantity": 2}
    made = program.post("/api/transfers", {"source": "BER", "target": "MUC", "because": "x", "lines": [line]})
    path = f"/api/transfers/{made.json()['id']}"
    shipped = program.post(f"{path}/ship", {}).json()
    assert (shipped["state"], shipped["lines"][0]["under_way"]) == ("shipped", 2)
    assert program.get(f"/api/arrivals/{shipped['arrival']}").json()["transfer"] == shipped["number"]
    problem(
        program.post(f"/api/arrivals/{shipped['arrival']}/cancel", {"because": "x"}), 409, "already-received"
    )
    assert program.post(f"{path}/cancel", {"because": "y"}).json()["state"] == "cancelled"
    assert program.get(path).json()["lines"][0]["under_way"] == 0
