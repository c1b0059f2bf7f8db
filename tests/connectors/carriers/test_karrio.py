"""What is Karrio's own: a draft that is bought once, and what its carriers did not answer it."""

import pytest
from msgspec.structs import replace

from quartermaster.connectors.karrio.translate import answers
from quartermaster.core.outside import NotDone, RefusedOutside
from quartermaster.testing.conformance.carrier_faults import bought_in_the_end
from quartermaster.testing.conformance.carriers import Stand, a_shipment, find, wanted
from quartermaster.testing.simulators.karrio import Karrio
from quartermaster.testing.simulators.server import Simulator

from .conftest import Open


@pytest.fixture
def karrio(simulated: Open) -> tuple[Stand, Simulator, Karrio]:
    stand, simulator = simulated("karrio")
    assert isinstance(simulator.vendor, Karrio)
    return stand, simulator, simulator.vendor


def states(vendor: Karrio, reference: str) -> list[object]:
    return [each["status"] for each in vendor.shipments.values() if each["reference"] == reference]


def test_a_draft_whose_answer_was_lost_is_the_one_that_is_bought(karrio: tuple[Stand, Simulator, Karrio]):
    stand, simulator, vendor = karrio
    asked = wanted(stand)
    simulator.misbehave("draft", "late")

    with pytest.raises(NotDone):
        stand.carrier.buy(account=stand.account, wanted=asked)
    assert find(stand, asked) is None
    stand.carrier.buy(account=stand.account, wanted=asked)

    assert states(vendor, asked.reference) == ["created"]


def test_of_two_drafts_one_is_bought_however_often_it_is_tried(karrio: tuple[Stand, Simulator, Karrio]):
    stand, simulator, vendor = karrio
    asked = wanted(stand)
    simulator.misbehave("buy", "down")
    with pytest.raises(Exception, match="no clear answer"):
        stand.carrier.buy(account=stand.account, wanted=asked)
    first = next(each for each in vendor.shipments.values() if each["reference"] == asked.reference)
    vendor.shipments["shp_twin"] = {**first, "id": "shp_twin", "created_at": "2026-11-24"}
    simulator.misbehave("buy", "500 late")

    label = bought_in_the_end(stand, asked)

    assert label.carrier_ref == first["id"]
    assert states(vendor, asked.reference) == ["created", "draft"]


def test_a_carrier_that_broke_off_behind_karrio_is_a_person_s_to_look_at(
    karrio: tuple[Stand, Simulator, Karrio],
):
    stand, _, vendor = karrio
    receiver = replace(stand.shipment.receiver, postcode="99810")
    lost = wanted(stand._replace(shipment=replace(stand.shipment, receiver=receiver)))

    with pytest.raises(RefusedOutside, match="look at the carrier before it is asked again"):
        stand.carrier.buy(account=stand.account, wanted=lost)

    assert states(vendor, lost.reference) == ["draft"]


def test_a_rate_without_a_price_is_offered_without_one():
    body = {"rates": [{"carrier_name": "ups", "carrier_id": "u", "service": "ups_ground"}]}
    (offer,) = answers.offers(body, a_shipment(), account="acme")

    assert (offer.title, offer.cost_minor, offer.currency, offer.arrives_on) == ("ups ground", None, "", None)
