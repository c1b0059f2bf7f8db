"""A shop behind a port of the loopback."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from quartermaster.connectors.shopify import listings
from quartermaster.core.outside import Account
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shopify import SETTINGS, Shopify


class Shop(NamedTuple):
    has: Shopify
    simulator: Simulator
    account: Account


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator(Shopify()) as served:
        yield served


@pytest.fixture
def shop(simulator: Simulator) -> Shop:
    """A shop of its own for each test, behind the one port."""
    has = Shopify()
    listings._known.clear()
    with simulator.lock:
        simulator.vendor = has
        simulator.faults.clear()
        simulator.requests.clear()
    return Shop(has, simulator, Account("acme", {**SETTINGS, "api_url": simulator.url}))
