"""What is done in a shop past its API, and what the shop says of itself: the same words for every vendor."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

from quartermaster.testing.simulators.sending import Mail

type Json = dict[str, Any]
type State = Literal["open", "left", "cancelled"]

SHIPPING_MINOR, PRICE_MINOR = 490, 990


class Seen(NamedTuple):
    """An order as its shop has it. `left`: nothing is left to send there, and something was sent.
    `shipped`: units that left, None where the shop does not count them (yet). Money in minor units."""

    state: State
    shipped: int | None
    refunded_minor: int


class Stall:
    """One shop. Whoever uses it holds its simulator's lock. `writes`: the operations of its API that set
    stock; `refunds`: whether its own people can give money back so that it is told of."""

    kind = ""
    writes: frozenset[str] = frozenset()
    refunds = True
    behind = timedelta()  # how old a change is when it may be asked for

    def __init__(self, memory: Any) -> None:
        self.memory = memory

    def turn(self, at: datetime) -> None:
        """Its clock shows this second: what happens within one has the same date."""
        self.memory.clock = at.replace(microsecond=0) - self.behind - timedelta(seconds=1)

    @property
    def queued(self) -> Mail | None:
        """What it puts into a queue, from which it is fetched; None where it sends by itself, or nothing."""
        return None

    def listens(self, address: str, secret: str) -> None:
        """What it sends goes there, or into its queue; it may send nothing."""

    def offer(self, sku: str, units: int) -> None:
        self.memory.by_hand("product", {"sku": sku, "quantity": units, "price": "9.90"})

    def buy(self, sku: str, units: int) -> str:
        """A buyer buys what he is shown; "" when there is less. Returns the shop's id of the order."""
        if self.shown(sku) < units:
            return ""
        line = {"sku": sku, "quantity": units, "price": "9.90"}
        order = self.place([line])
        self.take_off(sku, units)
        return order

    def place(self, lines: list[Json]) -> str:
        """An order of these lines, whatever there is."""
        return str(self.memory.by_hand("order", {"lines": lines})["id"])

    def shown(self, sku: str) -> int:
        """Units a buyer can have."""
        raise NotImplementedError

    def take_off(self, sku: str, units: int) -> None:
        """Sold units are counted off."""

    def edit(self, order: str, n: int) -> bool:
        """Somebody there, or the buyer, changes the order for the `n`th time; False when it is too late."""
        self.memory.by_hand("change", {"id": order, "note": f"ring {n} times"})
        return True

    def edit_anew(self, order: str) -> str:
        """The order is edited where that makes another one, in its place or beside it: the id of that one; ""
        where nobody does so, or it is too late."""
        return ""

    def cancel(self, order: str) -> bool:
        """The buyer, or somebody at the shop, cancels what is open; False when it is too late."""
        if self.seen(order).state != "open":
            return False
        self.call_off(order)
        return True

    def call_off(self, order: str) -> None:
        raise NotImplementedError

    def refund(self, order: str, minor: int, note: str) -> bool:
        """Money alone is given back at the shop; False when there is not so much left, or no way."""
        if not self.refunds:
            return False
        asked = {"id": order, "amount": f"{minor / 100:.2f}", "note": note}
        return bool(self.memory.by_hand("refund", asked)["is_done"])

    def orders(self) -> Mapping[str, Json]:
        found: Mapping[str, Json] = self.memory.orders
        return found

    def seen(self, order: str) -> Seen:
        raise NotImplementedError

    def done(self) -> list[str]:
        """What was done there for us, one text each: the same text twice is an effect that was doubled."""
        raise NotImplementedError


def today() -> datetime:
    return datetime.now(UTC)
