"""Every request a connector makes, against its vendor's own document, where that lies beside the project."""

import pytest
from msgspec.structs import replace

from quartermaster.shipping.ports import capabilities
from quartermaster.testing.conformance import dispatch
from quartermaster.testing.conformance.carriers import give_back, wanted
from quartermaster.testing.simulators.server import Request, Simulator

from . import shippo_document
from .conftest import Open
from .openapi import document, faults

DOCUMENTS = {
    "shipengine": "shipengine/openapi.yaml",
    "shipstation": "shipstation/shipstation-v2-openapi.yaml",
}

# To rate every service none is named, as in the vendor's own examples; the document requires one.
CONTRADICTED = {"body.shipment.carrier_id is required", "body.shipment.service_code is required"}


def ask_everything(simulated: Open, kind: str) -> Simulator:
    stand, simulator = simulated(kind)
    odd = replace(stand.shipment, is_hazmat=True, weight_g=31_000)
    simulator.requests.clear()
    stand.carrier.rate(account=stand.account, shipment=stand.shipment)
    stand.carrier.rate(account=stand.account, shipment=odd)
    asked = wanted(stand)
    give_back(stand, asked, stand.carrier.buy(account=stand.account, wanted=asked))
    for name in sorted(capabilities(stand.carrier)):
        for check in dispatch.CHECKS[name]:
            check(stand)
    return simulator


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_request_is_one_the_vendor_s_document_allows(simulated: Open, kind: str):
    spec = document(DOCUMENTS[kind])

    asked = ask_everything(simulated, kind).requests

    assert {request.operation for request in asked} >= {
        "rates",
        "buy",
        "void",
        "manifest",
        "pickup",
        "cancel",
    }
    assert {wrong for request in asked for wrong in faults(request, spec)} <= CONTRADICTED


def test_every_request_to_shippo_has_the_shapes_it_publishes(simulated: Open):
    spec = shippo_document.document()

    asked = ask_everything(simulated, "shippo").requests

    assert {request.operation for request in asked} >= {"rates", "buy", "find", "manifest", "address"}
    assert [wrong for request in asked for wrong in faults(request, spec)] == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, "body.shipment is required"),
        ({"shipment": {}, "colour": "red"}, "body.colour is unknown"),
        ({"shipment": {"packages": "one"}}, "body.shipment.packages is 'one', not array"),
        ({"shipment": {}, "label_format": "gif"}, "body.label_format is 'gif'"),
    ],
    ids=["missing", "unknown", "of another type", "not in the list"],
)
def test_the_check_finds_what_the_document_does_not_allow(body: object, wrong: str):
    spec = document(DOCUMENTS["shipengine"])

    found = faults(Request("buy", "POST", "/v1/labels", {}, {}, body), spec)

    assert any(each.startswith(wrong) for each in found), found
