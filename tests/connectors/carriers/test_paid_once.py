"""Answers lost after the charge: every label is paid once, however often that happens."""

import pytest
from msgspec.structs import replace

from quartermaster.testing.conformance.carrier_faults import bought_in_the_end
from quartermaster.testing.conformance.carriers import Stand, wanted
from quartermaster.testing.simulators.accounts import VENDORS
from quartermaster.testing.simulators.server import Simulator

from .conftest import Open


def paid_for(stand: Stand, simulator: Simulator, labels: int) -> tuple[int, int]:
    """(answers lost, labels paid) for this many labels, each of whose purchases loses its answer first."""
    before, numbers = simulator.vendor.paid, set()
    for place in range(labels):
        asked = wanted(stand)
        lost = ("late", "500 late", "broken", "lying late")[place % 4]
        simulator.misbehave("buy", lost)
        if place % 3 == 0:
            simulator.misbehave("find", "down")
        numbers.add(bought_in_the_end(stand, asked).tracking_number)
        assert not simulator.faults
    assert len(numbers) == labels
    return labels, simulator.vendor.paid - before


@pytest.mark.parametrize("kind", VENDORS)
def test_forty_lost_answers_are_forty_labels(simulated: Open, kind: str):
    stand, simulator = simulated(kind)

    assert paid_for(stand, simulator, 40) == (40, 40)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", VENDORS)
def test_a_thousand_lost_answers_are_a_thousand_labels(simulated: Open, kind: str):
    stand, simulator = simulated(kind)

    assert paid_for(stand, simulator, 1000) == (1000, 1000)


def test_a_label_that_is_made_after_the_answer_is_asked_after_and_not_bought_again(simulated: Open):
    stand, simulator = simulated("easyship")
    to = replace(stand.shipment.receiver, postcode="99810")  # where the simulator is slow
    slow = stand._replace(shipment=replace(stand.shipment, receiver=to))
    before = simulator.vendor.paid

    label = bought_in_the_end(slow, wanted(slow))

    assert label.tracking_number
    assert simulator.vendor.paid == before + 1
