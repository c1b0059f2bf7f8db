"""Flipkart: an order is a shipment with states; its money is settled later, and elsewhere."""

from collections.abc import Mapping
from typing import cast

from quartermaster.testing.market.stall import Json, Seen, Stall, State
from quartermaster.testing.simulators.flipkart import Flipkart
from quartermaster.testing.simulators.flipkart_changes import promised_anew, split, with_a_unit_less

_GONE = {"READY_TO_DISPATCH", "PICKUP_COMPLETE", "SHIPPED", "DELIVERED"}


class FlipkartStall(Stall):
    kind = "flipkart"
    writes = frozenset({"inventory"})
    refunds = False  # what went back to a buyer is told nowhere: it is settled with the seller later
    memory: Flipkart

    def listens(self, address: str, secret: str) -> None:
        self.memory.by_hand("listens", {"address": address})

    def offer(self, sku: str, units: int) -> None:
        self.memory.by_hand("product", {"sku": sku, "quantity": units, "price": 990})

    def shown(self, sku: str) -> int:
        return self.memory.shown(sku)[0]

    def take_off(self, sku: str, units: int) -> None:
        self.memory.sell(sku, units)

    def edit(self, order: str, n: int) -> bool:
        """Every second time the buyer wants a unit less, where there are two of something and nobody has
        packed them; else it may be handed over later. What is gone or cancelled stays as it is."""
        if self.seen(order).state != "open":
            return False
        told = self.memory.shipments[order]
        fewer = with_a_unit_less(told) if n % 2 == 0 else None
        self.memory.take(fewer or promised_anew(told, self.memory.clock, n))
        return True

    def edit_anew(self, order: str) -> str:
        """Flipkart parts the shipment: a unit of it is another one from now on."""
        parts = split(self.memory.shipments[order], self.memory.next_name())
        if parts is None or self.seen(order).state != "open":
            return ""
        for one in parts:
            self.memory.take(one)
        return str(parts[1]["shipmentId"])

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
