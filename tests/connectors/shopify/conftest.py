"""A shop behind a port of the loopback."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from quartermaster.core.outside import Account
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shopify import SETTINGS, Shopify


class Shop(NamedTuple):
    has: Shopify
    simulator: Simulator
    account: Account


@pytest.fixture
def shop() -> Iterator[Shop]:
    has = Shopify()
    with Simulator(has) as simulator:
        yield Shop(has, simulator, Account("acme", {**SETTINGS, "api_url": simulator.url}))
