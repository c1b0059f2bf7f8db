"""Shopify: fulfillments, refunds with transactions, units of lines that can be edited away."""

from quartermaster.testing.market.stall import Seen, Stall, State
from quartermaster.testing.simulators.shopify import Shopify
from quartermaster.testing.simulators.shopify.goods import HERE
from quartermaster.testing.simulators.shopify.nodes import gid, parts


class ShopifyStall(Stall):
    kind = "shopify"
    writes = frozenset({"SetQuantities"})
    memory: Shopify

    def __init__(self, memory: Shopify) -> None:
        super().__init__(memory)
        memory.restocks = True
        self._items: dict[str, tuple[str, str]] = {}

    def listens(self, address: str, secret: str) -> None:
        for topic in ("ORDERS_CREATE", "ORDERS_UPDATED"):
            self.memory.put(topic, address)

    def offer(self, sku: str, units: int) -> None:
        name = self.memory.offer(sku, units, "9.90")
        self._items[sku] = gid("InventoryItem", name.rpartition("/")[2]), HERE

    def shown(self, sku: str) -> int:
        return self.memory.counts[self._items[sku]]

    def take_off(self, sku: str, units: int) -> None:
        self.memory.counts[self._items[sku]] -= units

    def call_off(self, order: str) -> None:
        asked = {
            "id": gid("Order", order),
            "orderId": gid("Order", order),
            "reason": "CUSTOMER",
            "restock": True,
        }
        self.memory.answers()["CancelOrder"](asked)

    def seen(self, order: str) -> Seen:
        told = self.memory.orders[order]
        left = sum(int(str(line["fulfillable_quantity"])) for line in parts(told, "line_items"))
        shipped = sum(
            int(str(row["quantity"]))
            for sent in parts(told, "fulfillments")
            for row in parts(sent, "line_items")
        )
        state: State = "open" if left else "left" if shipped else "cancelled"
        if told.get("cancelled_at"):
            state = "cancelled"
        return Seen(state, shipped, int(self.memory.given.get(order, 0) * 100))

    def done(self) -> list[str]:
        found = []
        for number, order in self.memory.orders.items():
            found += [f"parcel {number} {one['tracking_url']}" for one in parts(order, "fulfillments")]
            found += [f"refund {number} {one['note']}" for one in parts(order, "refunds")]
        return found
