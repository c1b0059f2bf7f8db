"""A simulated Flipkart with a seller's account, and what happens there."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

from quartermaster.core.outside import Account
from quartermaster.testing.simulators import flipkart
from quartermaster.testing.simulators.server import Simulator


class Hub(NamedTuple):
    simulator: Simulator
    memory: flipkart.Flipkart
    account: Account

    def sell(self, **told: object) -> str:
        """A shipment of two units of one item and one of another; its id."""
        name = f"FMP{7_000_000 + len(self.memory.shipments)}"
        with self.simulator.lock:
            self.memory.take({"shipmentId": name, "orderItems": items(), **told})
        return name

    def take(self, name: str, **changed: object) -> None:
        with self.simulator.lock:
            self.memory.take({**self.memory.shipments[name], **changed})

    def misbehave(self, operation: str, fault: str) -> None:
        """A key that does not count is tried twice: with a token that is new as well."""
        for _ in range(2 if fault == "401" else 1):
            self.simulator.misbehave(operation, fault)


def items(status: str = "APPROVED", **told: object) -> list[Mapping[str, object]]:
    common = {"orderId": "OD1", "paymentType": "PREPAID", "status": status, "serviceProfile": "NON_FBF"}
    first = {**common, "orderItemId": "11", "cancellationGroupId": "grp11", "sku": "LAMP", "quantity": 2}
    other = {**common, "orderItemId": "12", "cancellationGroupId": "grp12", "sku": "BULB", "quantity": 1}
    return [{**first, **told}, {**other, **told}]


@pytest.fixture
def hub() -> Iterator[Hub]:
    memory = flipkart.Flipkart()
    with Simulator(memory) as simulator:
        yield Hub(simulator, memory, Account("hub", {**flipkart.SETTINGS, "api_url": simulator.url}))
