"""Amazon: packages have numbers, and money goes back past the order: it stands in the books."""

from datetime import datetime, timedelta

from quartermaster.testing.market.stall import Seen, Stall, State
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.amazon_changes import with_a_unit_less, with_a_wish
from quartermaster.testing.simulators.sending import Mail

_HIDDEN = timedelta(seconds=60)  # so long nobody else gets what was handed out of the queue


class AmazonStall(Stall):
    kind = "amazon"
    writes = frozenset({"patch"})
    behind = timedelta(minutes=3)
    memory: Amazon

    def __init__(self, memory: Amazon) -> None:
        super().__init__(memory)
        self._seen_again_at: datetime | None = None

    @property
    def queued(self) -> Mail:
        return self.memory.queue.mail

    def turn(self, at: datetime) -> None:
        super().turn(at)
        if self._seen_again_at is None or at >= self._seen_again_at:
            self.memory.queue.later()
            self._seen_again_at = at + _HIDDEN

    def listens(self, address: str, secret: str) -> None:
        """Changed orders are told of in the seller's queue; it sends to no address."""
        self.memory.queue.subscribe()

    def shown(self, sku: str) -> int:
        return int(str(self.memory.listings.count(sku)["quantity"]))

    def take_off(self, sku: str, units: int) -> None:
        self.memory.listings.count(sku)["quantity"] = self.shown(sku) - units

    def edit(self, order: str, n: int) -> bool:
        """Every second time the buyer cancels a unit, where there are two of something; else the buyer says
        how it is to be brought. What has left or is cancelled stays as it is."""
        if self.seen(order).state != "open":
            return False
        told = self.memory.orders[order]
        fewer = with_a_unit_less(told) if n % 2 == 0 else None
        self.memory.take(fewer or with_a_wish(told, f"ring {n} times"))
        return True

    def call_off(self, order: str) -> None:
        self.memory.by_hand("change", {"id": order, "status": "CANCELLED"})

    def seen(self, order: str) -> Seen:
        told = self.memory.orders[order]
        status = told["fulfillment"]["fulfillmentStatus"]  # type: ignore[index]  # as the simulator makes it
        state: State = "cancelled" if status == "CANCELLED" else "left" if status == "SHIPPED" else "open"
        items = told["orderItems"]
        units = sum(one["fulfillment"]["quantityFulfilled"] for one in items)  # type: ignore[attr-defined]
        return Seen(state, units, int(self.memory.finances.given_back(order) * 100))

    def done(self) -> list[str]:
        return [f"parcel {mail}" for mail in self.memory.mails]
