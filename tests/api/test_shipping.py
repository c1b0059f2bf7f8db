"""Labels, manifests and rate tables over the API."""

import pytest
from tests.shipping.conftest import labels, parcel_state, work

from quartermaster.core import sql
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.program import Program


@pytest.fixture
def parcel(db: None) -> str:
    a_location("BER")
    a_sku("LAMP", BER=100)
    return f"P-{a_packed_parcel(an_order(('LAMP', 2)))}"


def test_rates_are_told_with_what_speaks_against_each(program: Program, parcel: str):
    told = program.get(f"/api/parcels/{parcel}/rates").json()

    assert told["candidates"][0]["title"] == "Post Packet"
    assert told["candidates"][0]["cost"] == {"minor": 350, "currency": "EUR"}
    assert told["candidates"][0]["is_chosen"] is True
    assert told["dearer_next_minor"] == 140
    assert labels() == []


def test_a_label_is_bought_changed_and_given_back(program: Program, parcel: str):
    work()
    told = program.get(f"/api/parcels/{parcel}/labels").json()
    assert (told["state"], told["labels"][0]["state"]) == ("labelled", "bought")
    assert told["labels"][0]["decision"]["candidates"][0]["service"] == "packet"

    by_hand = {"carrier": "express", "service": "economy", "because": "she is in a hurry"}
    assert program.send("POST", f"/api/parcels/{parcel}/label", by_hand).status_code == 202
    work()
    assert labels() == [("voided", "post packet"), ("bought", "express economy")]

    assert program.send("DELETE", f"/api/parcels/{parcel}/label?because=smudged", None).status_code == 202
    work()
    assert [state for state, _ in labels()] == ["voided", "voided"]


def test_a_service_without_a_reason_is_refused(program: Program, parcel: str):
    answer = program.send("POST", f"/api/parcels/{parcel}/label", {"carrier": "express"})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["service", "because"]


def test_many_labels_are_asked_for_by_number(program: Program, parcel: str):
    sql.run("update warehouse_parcel set weight_g = 90000")
    work()
    refused = program.get("/api/labels?waiting_for=refused").json()["items"]
    assert [(row["number"], row["label"]) for row in refused] == [(parcel, "refused")]
    sql.run("update warehouse_parcel set weight_g = 900")

    assert program.send("POST", "/api/labels", {"parcels": [parcel]}).json() == {"asked": [parcel]}
    work()

    assert program.send("POST", "/api/labels", {"parcels": [parcel]}).json() == {"asked": []}
    assert program.get("/api/labels?waiting_for=not_scanned_out").json()["items"][0]["number"] == parcel


def test_papers_are_printed_by_programs(program: Program, parcel: str):
    assert program.get(f"/api/parcels/{parcel}/label.pdf").status_code == 404
    assert program.get(f"/api/labels.pdf?parcels={parcel}").status_code == 422
    work()
    for address in (f"/api/parcels/{parcel}/label.pdf", f"/api/labels.pdf?parcels={parcel}"):
        assert program.get(address).content.startswith(b"%PDF")
    assert program.get(f"/api/labels.zpl?parcels={parcel}").content.startswith(b"^XA")
    assert program.get(f"/api/parcels/{parcel}/slip.pdf").content.startswith(b"%PDF")
    for kind in ("pdf", "zpl"):
        assert program.get(f"/api/pick-lists/PL-1/list.{kind}").status_code == 404


def test_a_parcel_is_scanned_out_and_handed_over(program: Program, parcel: str):
    work()
    scanned = program.send("POST", "/api/manifests/scan", {"code": parcel}).json()
    assert scanned["is_new"] is True
    (shown,) = program.get("/api/manifests?state=open").json()["items"]
    assert (shown["number"], shown["parcels"], shown["carrier"]) == (scanned["manifest"], 1, "post")

    closed = program.send("POST", f"/api/manifests/{scanned['manifest']}/close", {}).json()

    assert closed == {"manifest": scanned["manifest"], "parcels": 1, "stay": [], "is_new": True}
    assert parcel_state(int(parcel.removeprefix("P-"))) == "handed_over"
    assert program.send("POST", "/api/locations/BER/hand-over", {}).json() == []
    assert program.send("POST", "/api/locations/PAR/hand-over", {}).status_code == 404


def test_rate_tables_are_changed_with_a_version_and_a_reason(program: Program, parcel: str):
    tables = program.get("/api/rate-tables").json()
    assert (tables["version"], tables["actor"]) == (1, "system")
    wanted = {
        "tables": {**tables["tables"], "late_minor_a_day": 900},
        "because": "late is dear",
        "version": 1,
    }

    written = program.send("PUT", "/api/rate-tables", wanted).json()

    assert (written["version"], written["because"]) == (2, "late is dear")
    assert written["tables"]["late_minor_a_day"] == 900
    assert program.send("PUT", "/api/rate-tables", wanted).status_code == 409
    assert program.get("/api/rate-tables/1").json()["tables"]["late_minor_a_day"] == 500
    work()
    assert labels() == [("bought", "post packet")]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"currency": "XXX"}, '"XXX" is not an ISO 4217 currency.'),
        ({"carriers": []}, "There must be 1 to 50 carriers."),
        ({"carriers": "none"}, "Expected `array`, got `str` - at `$.carriers`"),
        ({"colour": "red"}, "Object contains unknown field `colour`"),
        ({"late_days_max": -1}, "late_days_max must be 0 to 120."),
    ],
)
def test_rate_tables_that_cannot_work_are_refused_in_words(program: Program, change: dict, problem: str):
    tables = {**program.get("/api/rate-tables").json()["tables"], **change}
    answer = program.send("PUT", "/api/rate-tables", {"tables": tables, "because": "a test"})
    assert answer.status_code == 422
    assert problem in [each["because"] for each in answer.json()["errors"]]
