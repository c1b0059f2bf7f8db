"""Flipkart: an order is a shipment with states; its money is settled later, and elsewhere."""

from collections.abc import Mapping
from typing import cast

from quartermaster.testing.market.stall import Json, Seen, Stall, State
from quartermaster.testing.simulators.flipkart import Flipkart

_GONE = {"READY_TO_DISPATCH", "PICKUP_COMPLETE", "SHIPPED", "DELIVERED"}


class FlipkartStall(Stall):
    kind = "flipkart"
    writes = frozenset({"inventory"})
    refunds = False
    edits = False
    memory: Flipkart

    def offer(self, sku: str, units: int) -> None:
        self.memory.by_hand("product", {"sku": sku, "quantity": units, "price": 990})

    def shown(self, sku: str) -> int:
        return self.memory.shown(sku)[0]

    def take_off(self, sku: str, units: int) -> None:
        self.memory.sell(sku, units)

    def call_off(self, order: str) -> None:
        self.memory.by_hand("change", {"id": order, "status": "CANCELLED"})

    def orders(self) -> Mapping[str, Json]:
        return self.memory.shipments

    def seen(self, order: str) -> Seen:
        items = cast("list[Json]", self.memory.shipments[order]["orderItems"])
        live = [one for one in items if one["status"] != "CANCELLED"]
        state: State = "cancelled" if not live else "left" if live[0]["status"] in _GONE else "open"
        return Seen(state, sum(one["quantity"] for one in live) if state == "left" else None, 0)

    def done(self) -> list[str]:
        return [f"parcel {one}" for one in self.memory.called] + [
            f"label {one}" for one in self.memory.labels
        ]
