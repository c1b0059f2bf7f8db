from collections.abc import Iterator

import pytest

from quartermaster.connectors.amazon import paces, sign_in
from quartermaster.core.outside import Account
from quartermaster.testing.simulators import amazon
from quartermaster.testing.simulators.server import Simulator


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(amazon.Amazon(), slow_s=0.01) as simulator:
        yield simulator


@pytest.fixture
def shop(running: Simulator) -> amazon.Amazon:
    running.vendor = amazon.Amazon()
    running.faults.clear()
    running.requests.clear()
    sign_in._tokens.clear()
    paces._told.clear()
    return running.vendor


@pytest.fixture
def account(running: Simulator, shop: amazon.Amazon) -> Account:
    return Account("acme", {**amazon.SETTINGS, "api_url": running.url})
