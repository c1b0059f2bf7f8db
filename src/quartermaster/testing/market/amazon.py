"""Amazon: packages have numbers, and money goes back past the order: nothing of it is told with it."""

from datetime import timedelta

from quartermaster.testing.market.stall import Seen, Stall, State
from quartermaster.testing.simulators.amazon import Amazon


class AmazonStall(Stall):
    kind = "amazon"
    writes = frozenset({"patch"})
    refunds = False
    edits = False
    behind = timedelta(minutes=3)
    memory: Amazon

    def shown(self, sku: str) -> int:
        return int(str(self.memory.listings.count(sku)["quantity"]))

    def take_off(self, sku: str, units: int) -> None:
        self.memory.listings.count(sku)["quantity"] = self.shown(sku) - units

    def call_off(self, order: str) -> None:
        self.memory.by_hand("change", {"id": order, "status": "CANCELLED"})

    def seen(self, order: str) -> Seen:
        told = self.memory.orders[order]
        status = told["fulfillment"]["fulfillmentStatus"]  # type: ignore[index]  # as the simulator makes it
        state: State = "cancelled" if status == "CANCELLED" else "left" if status == "SHIPPED" else "open"
        items = told["orderItems"]
        units = sum(one["fulfillment"]["quantityFulfilled"] for one in items)  # type: ignore[attr-defined]
        return Seen(state, units, 0)

    def done(self) -> list[str]:
        return [f"parcel {mail}" for mail in self.memory.mails]
