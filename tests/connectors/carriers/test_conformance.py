"""Every carrier that is called outside, against its simulator: what shipping relies on, and every fault."""

import pytest

from quartermaster.testing.conformance import carrier_faults, carriers
from quartermaster.testing.simulators.accounts import VENDORS
from quartermaster.testing.simulators.server import FAULTS

from .conftest import Open


@pytest.mark.parametrize("check", carriers.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("kind", VENDORS)
def test_carrier(simulated: Open, kind: str, check: carriers.Check):
    stand, _ = simulated(kind)
    check(stand)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("check", carrier_faults.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("kind", VENDORS)
def test_carrier_that_misbehaves(simulated: Open, kind: str, check: carrier_faults.Check, fault: str):
    stand, simulator = simulated(kind)
    simulator.slow_s = 0.01
    check(stand, simulator, fault)
