"""What not every carrier offers, for each that declares it: against its simulator, with every fault."""

from collections.abc import Mapping

import pytest

from quartermaster.core import plugs
from quartermaster.shipping.ports import Carrier, capabilities
from quartermaster.testing.conformance import dispatch
from quartermaster.testing.simulators.accounts import VENDORS
from quartermaster.testing.simulators.server import FAULTS

from .conftest import Open

DECLARED = {
    "shipengine": {"manifests", "pickups", "returns", "addresses"},
    "shipstation": {"manifests", "pickups", "returns"},
    "shippo": {"manifests", "returns", "addresses"},
    "easyship": set(),
    "karrio": {"manifests", "pickups", "returns"},
}


def offered(kind: str) -> frozenset[str]:
    carrier = plugs.plug(kind).offer(Carrier)
    assert carrier is not None
    return capabilities(carrier)


def of_each(suite: Mapping[str, tuple[object, ...]]) -> list[tuple[str, object]]:
    return [(kind, check) for kind in VENDORS for name in sorted(offered(kind)) for check in suite[name]]


def name_of(part: object) -> str:
    return part if isinstance(part, str) else str(getattr(part, "__name__", part))


def test_every_carrier_declares_what_it_offers():
    assert {kind: offered(kind) for kind in VENDORS} == DECLARED


@pytest.mark.parametrize(("kind", "check"), of_each(dispatch.CHECKS), ids=name_of)
def test_carrier(simulated: Open, kind: str, check: dispatch.Check):
    stand, _ = simulated(kind)
    check(stand)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("kind", "check"), of_each(dispatch.FAULTS), ids=name_of)
def test_carrier_that_misbehaves(simulated: Open, kind: str, check: dispatch.Spoiled, fault: str):
    stand, simulator = simulated(kind)
    simulator.slow_s = 0.01
    check(stand, simulator, fault)
