"""WooCommerce: one status for all units; the buyer's mails are the parcels."""

from quartermaster.testing.market.stall import Seen, Stall, State
from quartermaster.testing.simulators.woocommerce import WooCommerce


class WooStall(Stall):
    kind = "woocommerce"
    writes = frozenset({"batch"})
    memory: WooCommerce

    def __init__(self, memory: WooCommerce) -> None:
        super().__init__(memory)
        memory.restocks = True
        self._names: dict[str, str] = {}

    def listens(self, address: str, secret: str) -> None:
        for topic in ("order.created", "order.updated"):
            self.memory.hooks.put(topic, address, secret)

    def offer(self, sku: str, units: int) -> None:
        self._names[sku] = self.memory.goods.offer(sku, units, "9.90")

    def shown(self, sku: str) -> int:
        return int(str(self.memory.goods.thing(self._names[sku])["stock_quantity"]))

    def take_off(self, sku: str, units: int) -> None:
        self.memory.goods.sell(self._names[sku], units)

    def edit(self, order: str, n: int) -> bool:
        self.memory.by_hand("change", {"id": order, "customer_note": f"ring {n} times"})
        return True

    def call_off(self, order: str) -> None:
        self.memory.by_hand("change", {"id": order, "status": "cancelled"})

    def seen(self, order: str) -> Seen:
        told = self.memory.orders[order]
        state: State = "open"
        if told["status"] == "completed" or told.get("date_completed_gmt"):
            state = "left"
        elif told["status"] in ("cancelled", "refunded"):
            state = "cancelled"
        return Seen(state, None, int(self.memory.given_back(order) * 100))

    def done(self) -> list[str]:
        notes = [f"parcel {mail}" for mail in self.memory.mails]
        refunds = [
            f"refund {order} {one['reason']}" for order, all_ in self.memory.refunds.items() for one in all_
        ]
        return notes + refunds
