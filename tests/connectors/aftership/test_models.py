"""What we send and what the simulator answers, against the models of AfterShip's own library, when the team's
specifications lie beside the project."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from quartermaster.connectors.aftership import translate
from quartermaster.testing.simulators.aftership import AfterShipServer
from quartermaster.tracking.ports import ToFollow

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs"
MODELS = SPECS / "aftership" / "aftership-tracking-models.schema.json"
PARCEL = ToFollow(
    reference="P-7",
    order="SO-1",
    carrier="post",
    tracking_number="T1",
    country="DE",
    postcode="10115",
    promised_on=date(2026, 11, 27),
    left_on=date(2026, 11, 25),
)


@pytest.fixture(scope="module")
def models() -> Any:
    if not MODELS.exists():
        pytest.skip(f"NOT CHECKED: there are no models of AfterShip at {MODELS}")
    return json.loads(MODELS.read_bytes())["$defs"]


def fits(models: dict[str, Any], name: str, value: object) -> None:
    """The models say which fields there are, and let any other pass: here those are wrong."""
    closed = {
        each: {**model, "additionalProperties": model.get("additionalProperties", False)}
        if model.get("type") == "object"
        else model
        for each, model in models.items()
    }
    jsonschema_rs.validate({"$defs": closed, "$ref": f"#/$defs/{name}"}, value)


def test_what_we_ask_for_is_a_request_of_theirs(models: dict[str, Any]):
    fits(models, "CreateTrackingRequest", translate.wanted(PARCEL, {"post": "deutsch-post"}))


def test_a_field_they_do_not_have_would_be_noticed(models: dict[str, Any]):
    with pytest.raises(jsonschema_rs.ValidationError):
        fits(models, "CreateTrackingRequest", {"number": "T1"})


def test_the_simulator_answers_as_they_do(models: dict[str, Any]):
    with AfterShipServer() as theirs:
        _, made = theirs.do("POST", "/trackings", translate.wanted(PARCEL, {}))
        theirs.happened("T1", "InTransit", subtag="InTransit_002", city="Kiel")
        _, listed = theirs.do("GET", "/trackings?limit=10", {})
    fits(models, "Tracking", made["data"])
    fits(models, "GetTrackingsResponseData", listed["data"])


def test_every_status_of_theirs_is_known_here_or_left_unknown_on_purpose(models: dict[str, Any]):
    assert {*translate.STATUS_OF_TAG, "Expired"} == set(models["Tag"]["enum"])
