"""Shops that misbehave, and what is done in them: orders are placed, changed, cancelled, sent."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from tests.chaos.door import knock

from quartermaster.channels.actions import switch
from quartermaster.channels.ports import Listings
from quartermaster.core import plugs, sql
from quartermaster.core.moment import now
from quartermaster.core.outside import Account
from quartermaster.inbox.actions import connect
from quartermaster.testing.simulators.accounts import CHANNELS, settings_for
from quartermaster.testing.simulators.sending import Mail
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW

SKUS = ("LAMP", "BULB")
FAULTS = {"429": 0.05, "500": 0.1, "down": 0.05, "late": 0.05, "500 late": 0.05}  # of calls: 30 in 100
# Whatever waits for its time has it now; nobody waits for a turn.
HURRY = """
update core_outbox set due_at = now() - interval '1 second', lease_until = null where settled_at is null;
update channels_shop set next_at = now() - interval '1 second';
update channels_goods set push_at = now() - interval '1 second',
  read_next_at = case when read_failures > 0 then now() - interval '1 second' else read_next_at end;
update channels_listing set next_at = now() - interval '1 second';
update channels_comparison set next_at = now() - interval '1 second';
delete from core_pace
"""


class Vendor(NamedTuple):
    """How an order is cancelled at a vendor, and how one sees there whether it is, and whether all left."""

    cancel: Mapping[str, object]
    is_cancelled: Callable[[Mapping[str, Any]], bool]
    has_left: Callable[[Any, Mapping[str, Any]], bool]
    behind: timedelta = timedelta()  # how old a change is when it may be asked for


VENDORS = {
    "woocommerce": Vendor(
        cancel={"status": "cancelled"},
        is_cancelled=lambda order: order["status"] == "cancelled",
        has_left=lambda shop, order: order["status"] == "completed",
    ),
    "shopify": Vendor(
        cancel={"cancelled_at": "2026-11-23T12:00:00Z", "cancel_reason": "customer"},
        is_cancelled=lambda order: bool(order.get("cancelled_at")),
        has_left=lambda shop, order: all(not line["fulfillable_quantity"] for line in order["line_items"]),
    ),
    "magento": Vendor(
        cancel={"state": "canceled", "status": "canceled"},
        is_cancelled=lambda order: order["state"] == "canceled",
        has_left=lambda shop, order: any(
            str(one["order_id"]) == str(order["entity_id"]) for one in shop.documents["shipments"]
        ),
    ),
    "amazon": Vendor(
        cancel={"status": "CANCELLED"},
        is_cancelled=lambda order: order["fulfillment"]["fulfillmentStatus"] == "CANCELLED",
        has_left=lambda shop, order: order["fulfillment"]["fulfillmentStatus"] == "SHIPPED",
        behind=timedelta(minutes=3),
    ),
}


class Stall:
    """A simulated shop of one kind, connected under the name of its kind, told of everything."""

    def __init__(self, kind: str, simulator: Simulator) -> None:
        self.kind, self.simulator, self.vendor = kind, simulator, VENDORS[kind]
        self.memory: Any = simulator.vendor
        settings = settings_for(kind, simulator.url)
        connect(kind, kind, settings, at=NOW, by="user:1")
        self.account = Account(kind, settings)
        switch(kind, mode="live", at=NOW, by="user:1")
        for sku in SKUS:
            self.by_hand("product", {"sku": sku, "quantity": 3, "price": "9.90"})
        address = f"https://orders.example.com/in/{kind}"
        if kind == "woocommerce":
            for topic in ("order.created", "order.updated"):
                self.memory.hooks.put(topic, address, str(settings["webhook_secret"]))
        elif kind == "shopify":
            for topic in ("ORDERS_CREATE", "ORDERS_UPDATED"):
                self.memory.put(topic, address)

    @property
    def mail(self) -> Mail | None:
        return self.simulator.mail

    def by_hand(self, what: str, said: Mapping[str, object]) -> Any:
        with self.simulator.lock:
            self.memory.clock = max(self.memory.clock, now().replace(microsecond=0) - self.vendor.behind)
            return self.memory.by_hand(what, said)

    def place(self, sku: str, units: int) -> str:
        line = {"sku": sku, "quantity": units, "price": "9.90"}
        return str(self.by_hand("order", {"lines": [line]})["id"])

    def change(self, order: str) -> None:
        """Somebody adds a note: the order is another version of itself."""
        if self.kind != "amazon":  # a seller cannot
            self.by_hand("change", {"id": order, "note": f"ring {len(self.simulator.requests)} times"})

    def cancel(self, order: str) -> None:
        self.by_hand("change", {"id": order, **self.vendor.cancel})

    def stands(self, order: str) -> str:
        """cancelled | left | open: as the shop has it."""
        with self.simulator.lock:
            told = self.memory.orders[order]
            if self.vendor.is_cancelled(told):
                return "cancelled"
            return "left" if self.vendor.has_left(self.memory, told) else "open"

    def bring(self) -> None:
        """One round of what it sends, to the door."""
        if self.mail is not None:
            with self.simulator.lock:
                brought = self.mail.take()
            for one in brought:
                is_taken = 200 <= knock(self.kind, one.body, one.headers) < 300
                with self.simulator.lock:
                    self.mail.ended(one, is_taken=is_taken)

    def stock(self) -> dict[str, int | None]:
        """What buyers can have of each SKU, read through the port."""
        shelf = plugs.plug(self.kind).offer(Listings)
        assert shelf is not None
        found: dict[str, int | None] = {}
        cursor = ""
        while True:
            page = shelf.listings(account=self.account, cursor=cursor)
            found |= {one.code: one.quantity for one in page.listings if one.code in SKUS}
            if not (cursor := page.cursor):
                return found


@contextmanager
def stalls(*kinds: str) -> Iterator[dict[str, Stall]]:
    """A shop of each kind; of every kind that can be simulated by hand when none is named."""
    with ExitStack() as stack:
        yield {
            kind: Stall(kind, stack.enter_context(Simulator(CHANNELS[kind](), slow_s=0.0, seed=7)))
            for kind in kinds or VENDORS
        }


def hurry() -> None:
    for statement in HURRY.split(";"):
        sql.run(statement)
