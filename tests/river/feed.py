"""Shops that misbehave, and what is done in them: orders are placed, changed, cancelled, sent, paid back."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.chaos.door import knock

from quartermaster.channels.actions import switch
from quartermaster.channels.ports import Listings
from quartermaster.core import plugs, sql
from quartermaster.core.moment import now
from quartermaster.core.outside import Account
from quartermaster.inbox.actions import connect
from quartermaster.testing import market
from quartermaster.testing.market import STALLS
from quartermaster.testing.simulators.accounts import CHANNELS, settings_for
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.sending import Line, Mail
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
update channels_queue set next_at = now() - interval '1 second';
delete from core_pace
"""


class Stall:
    """A simulated shop of one kind, connected under the name of its kind, told of everything."""

    def __init__(self, kind: str, simulator: Simulator) -> None:
        self.kind, self.simulator = kind, simulator
        self.own = STALLS[kind](simulator.vendor)
        door = f"https://orders.example.com/in/{kind}"
        settings = settings_for(kind, simulator.url, door=door)
        connect(kind, kind, settings, at=NOW, by="user:1")
        self.account = Account(kind, settings)
        switch(kind, mode="live", at=NOW, by="user:1")
        for sku in SKUS:
            self.own.offer(sku, 3)
        self.own.listens(door, settings.get("webhook_secret", ""))
        self._edits = 0

    @property
    def memory(self) -> Any:
        return self.own.memory

    @property
    def mail(self) -> Mail | None:
        return self.simulator.mail

    @contextmanager
    def past_its_api(self) -> Iterator[market.Stall]:
        """Its clock goes on with each change, and is never behind ours."""
        with self.simulator.lock:
            self.memory.clock = max(self.memory.clock, now().replace(microsecond=0) - self.own.behind)
            yield self.own

    def place(self, sku: str, units: int) -> str:
        """A buyer buys; a shop sells more than it shows here."""
        with self.past_its_api() as shop:
            return shop.place([{"sku": sku, "quantity": units, "price": "9.90"}])

    def change(self, order: str) -> None:
        """Somebody adds a note: the order is another version of itself."""
        self._edits += 1
        with self.past_its_api() as shop:
            shop.edit(order, self._edits)

    def cancel(self, order: str) -> None:
        with self.past_its_api() as shop:
            shop.cancel(order)

    def give_back(self, order: str, minor: int, note: str) -> None:
        with self.past_its_api() as shop:
            shop.refund(order, minor, note)

    def seen(self, order: str) -> market.Seen:
        with self.simulator.lock:
            return self.own.seen(order)

    def behave_badly(self, line: Line) -> None:
        """What it sends, or puts into a queue, goes over this line."""
        for mail in (self.mail, self.own.queued):
            if mail is not None:
                mail.line = line

    def bring(self) -> None:
        """One round of what it sends, to the door; what it hid in its queue is seen again."""
        if isinstance(self.memory, Amazon):
            with self.simulator.lock:
                self.memory.queue.later()
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
    """A shop of each kind; of all five when none is named."""
    with ExitStack() as stack:
        yield {
            kind: Stall(kind, stack.enter_context(Simulator(CHANNELS[kind](), slow_s=0.0, seed=7)))
            for kind in kinds or sorted(STALLS)
        }


def hurry() -> None:
    for statement in HURRY.split(";"):
        sql.run(statement)
