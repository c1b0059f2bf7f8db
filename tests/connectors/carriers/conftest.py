"""Vendors as servers on the loopback, and an account at each of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from quartermaster.core import plugs
from quartermaster.shipping.ports import Account, Carrier
from quartermaster.testing.conformance.carriers import Stand, a_shipment
from quartermaster.testing.simulators.accounts import VENDORS, settings_for
from quartermaster.testing.simulators.server import Simulator

type Open = Callable[[str], tuple[Stand, Simulator]]


@pytest.fixture(scope="module")
def simulated() -> Iterator[Open]:
    """Kind of connection -> an account at its simulator, and the simulator: one for a module's tests."""
    with ExitStack() as stack:
        opened: dict[str, tuple[Stand, Simulator]] = {}

        def at(kind: str) -> tuple[Stand, Simulator]:
            if kind not in opened:
                simulator = stack.enter_context(Simulator(VENDORS[kind]()))
                carrier = plugs.plug(kind).offer(Carrier)
                assert carrier is not None
                account = Account(f"acme-{kind}", settings_for(kind, simulator.url))
                opened[kind] = Stand(carrier, account, a_shipment()), simulator
            opened[kind][1].faults.clear()
            return opened[kind]

        yield at
