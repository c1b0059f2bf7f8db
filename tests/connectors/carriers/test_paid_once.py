"""Answers lost after it happened: every label is paid once, every list made once and every van called once,
however often that happens. A few of each in every run; a thousand of each with QM_CHAOS=full."""

import os
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from quartermaster.core import plugs
from quartermaster.shipping.ports import Carrier, PicksUp, TakesManifests, capabilities
from quartermaster.testing.conformance.carrier_faults import bought_in_the_end, in_the_end
from quartermaster.testing.conformance.carriers import Stand, wanted
from quartermaster.testing.conformance.dispatch import a_list, a_pickup
from quartermaster.testing.simulators.accounts import VENDORS
from quartermaster.testing.simulators.server import Simulator

from .conftest import Open

IS_FULL = os.environ.get("QM_CHAOS") == "full"
LABELS, OTHERS = (1000, 1000) if IS_FULL else (40, 8)
pytestmark = pytest.mark.timeout(1800 if IS_FULL else 120)
LOST = ("late", "500 late", "broken", "lying late")


def kinds_with(capability: str) -> list[str]:
    """The kinds of carriers that offer it."""
    offered = ((kind, plugs.plug(kind).offer(Carrier)) for kind in VENDORS)
    return [kind for kind, carrier in offered if carrier and capability in capabilities(carrier)]


def losing(simulator: Simulator, times: int, what: str) -> Iterator[None]:
    """So many rounds, each of which loses the answer of `what`; in every third one also a question fails."""
    simulator.requests.clear()
    for place in range(times):
        simulator.misbehave(what, LOST[place % 4])
        if place % 3 == 0:
            simulator.misbehave("find" if what == "buy" else f"find_{what}", "down")
        yield
        assert not simulator.faults, f"{what} was not asked for"


def paid_for(stand: Stand, simulator: Simulator, labels: int) -> tuple[int, int]:
    """(labels that were bought, labels paid), each of whose purchases loses its answer first."""
    before = simulator.vendor.paid
    numbers = {
        bought_in_the_end(stand, wanted(stand)).tracking_number for _ in losing(simulator, labels, "buy")
    }
    return len(numbers), simulator.vendor.paid - before


def kept(simulator: Simulator, what: str) -> int:
    """How many of these the simulator has made."""
    desk = getattr(simulator.vendor, "dispatch", simulator.vendor)
    return len(getattr(desk, what))


@pytest.mark.parametrize("kind", VENDORS)
def test_as_many_labels_are_paid_as_answers_were_lost(simulated: Open, kind: str):
    stand, simulator = simulated(kind)

    assert paid_for(stand, simulator, LABELS) == (LABELS, LABELS)


@pytest.mark.parametrize("kind", kinds_with("returns"))
def test_as_many_return_labels_are_paid_as_answers_were_lost(simulated: Open, kind: str):
    stand, simulator = simulated(kind)
    back = stand._replace(shipment=replace(stand.shipment, is_return=True))

    assert paid_for(back, simulator, OTHERS) == (OTHERS, OTHERS)


@pytest.mark.parametrize("kind", kinds_with("manifests"))
def test_as_many_lists_are_made_as_answers_were_lost(simulated: Open, kind: str):
    stand, simulator = simulated(kind)
    carrier, account, before = stand.carrier, stand.account, kept(simulator, "manifests")
    assert isinstance(carrier, TakesManifests)

    for _ in losing(simulator, OTHERS, "manifest"):
        asked = a_list(stand)
        made = in_the_end(
            lambda: carrier.manifest(account=account, wanted=asked),  # noqa: B023 - called in this round
            lambda: carrier.find_manifest(account=account, wanted=asked),  # noqa: B023
        )
        assert set(made.labels) == {each.carrier_ref for each in asked.labels}

    assert kept(simulator, "manifests") - before == OTHERS


@pytest.mark.parametrize("kind", kinds_with("pickups"))
def test_as_many_vans_are_called_as_answers_were_lost(simulated: Open, kind: str):
    stand, simulator = simulated(kind)
    carrier, account, before = stand.carrier, stand.account, kept(simulator, "pickups")
    assert isinstance(carrier, PicksUp)

    for _ in losing(simulator, OTHERS, "pickup"):
        asked = a_pickup(stand)
        booked = in_the_end(
            lambda: carrier.book_pickup(account=account, wanted=asked),  # noqa: B023 - called in this round
            lambda: carrier.find_pickup(account=account, wanted=asked),  # noqa: B023
        )
        assert booked.carrier_ref

    assert kept(simulator, "pickups") - before == OTHERS


def test_a_label_that_is_made_after_the_answer_is_asked_after_and_not_bought_again(simulated: Open):
    stand, simulator = simulated("easyship")
    to = replace(stand.shipment.receiver, postcode="99810")  # where the simulator is slow
    slow = stand._replace(shipment=replace(stand.shipment, receiver=to))
    before = simulator.vendor.paid

    label = bought_in_the_end(slow, wanted(slow))

    assert label.tracking_number
    assert simulator.vendor.paid == before + 1
