"""An invented warehouse of others in memory, which misbehaves as it is told to."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from quartermaster.core.outside import Account, AuthExpired, Conflict, Invalid, Missing, Throttled, Unclear
from quartermaster.core.plugs import Plug
from quartermaster.outside.ports import (
    Capability,
    Item,
    News,
    Notice,
    Noticed,
    Notices,
    Order,
    Receipt,
    Shipment,
    Snapshot,
    Standing,
    State,
    Warehouse,
)

LEFT_AT = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


class InventedWarehouse:
    """Keeps what it is sent. `faults` are what its next calls do, one each, in this order:

    "down": nothing happens, and it says so · "locked": it lets nobody in · "broken": it answers nonsense and
    nothing happened · "late": it does what it was asked and the answer is lost · "liar": it says it has done
    it and has not · "refuses". `unknown_skus`: what it does not carry. `meanwhile`: called once, in the
    middle of a call that changes something. `never_cancels`: it is always too late there.
    """

    capabilities = frozenset(Capability)

    def __init__(self, faults: Iterable[str] = (), unknown_skus: Iterable[str] = ()) -> None:
        self.faults = deque(faults)
        self.unknown_skus = frozenset(unknown_skus)
        self.orders: dict[str, Order] = {}
        self.standing: dict[str, Standing] = {}
        self.calls: list[str] = []
        self.meanwhile: Callable[[], None] | None = None
        self.never_cancels = False
        self.stock: dict[str, int] = {}
        self.reports = 0
        self.receipts: list[Receipt] = []
        self.expected: dict[str, Notice] = {}
        self.said: dict[str, Noticed] = {}  # of notices

    def announce(self, *, account: Account, notice: Notice) -> Noticed:
        fault = self._called("announce")
        self._interrupt()
        told = Noticed(notice.reference, State.ACKNOWLEDGED, notice.revision, f"N{len(self.expected) + 1}")
        if fault == "liar":
            return told
        before = self.said.get(notice.reference)
        if before is None or before.revision < notice.revision:
            if before is not None and before.because == "receiving":
                raise Conflict("they receive it already")
            self.expected[notice.reference] = notice
            theirs = before.theirs if before else told.theirs
            self.said[notice.reference] = replace(told, theirs=theirs)
        self._lose(fault)
        return self.said[notice.reference]

    def noticed(self, *, account: Account, reference: str) -> Noticed | None:
        self._lose(self._called("noticed"))
        return self.said.get(reference)

    def withdraw(self, *, account: Account, reference: str, because: str) -> Noticed:
        fault = self._called("withdraw")
        self._interrupt()
        if reference not in self.said:
            raise Missing(f"it has no {reference}")
        if self.said[reference].because == "receiving":
            raise Conflict("they receive it already")
        gone = replace(self.said[reference], state=State.CANCELLED)
        if fault != "liar":
            self.expected.pop(reference, None)
            self.said[reference] = gone
        self._lose(fault)
        return gone

    def send(self, *, account: Account, order: Order) -> Standing:
        fault = self._called("send")
        self._interrupt()
        if unknown := [item.sku for item in order.items if item.sku in self.unknown_skus]:
            raise Invalid(f"it does not carry {', '.join(unknown)}", {"sku": unknown[0]})
        acknowledged = Standing(order.reference, State.ACKNOWLEDGED, f"W{len(self.orders) + 1}")
        if fault == "liar":
            return acknowledged
        if order.reference not in self.standing:
            self.orders[order.reference] = order
            self.standing[order.reference] = acknowledged
        self._lose(fault)
        return self.standing[order.reference]

    def find(self, *, account: Account, reference: str) -> Standing | None:
        self._lose(self._called("find"))
        return self.standing.get(reference)

    def cancel(self, *, account: Account, reference: str, because: str) -> Standing:
        fault = self._called("cancel")
        self._interrupt()
        if reference not in self.standing:
            raise Missing(f"it has no {reference}")
        there = self.standing[reference]
        if there.state is State.CANCELLED:
            return there
        if self.never_cancels or there.shipments:
            raise Conflict("it is on its way out")
        if fault == "liar":
            return replace(there, state=State.CANCELLED)
        self.standing[reference] = replace(there, state=State.CANCELLED, because=because)
        self._lose(fault)
        return self.standing[reference]

    def news(self, *, account: Account, references: Sequence[str], cursor: str) -> News:
        self._lose(self._called("news"))
        since = int(cursor or 0)
        told = tuple(self.standing[each] for each in references if each in self.standing)
        return News(told, receipts=tuple(self.receipts[since:]), cursor=str(len(self.receipts)))

    def thank(self, *, account: Account, news: News) -> None:
        return None

    def snapshot(self, *, account: Account, skus: Sequence[str] = ()) -> Snapshot | None:
        self._lose(self._called("snapshot"))
        self.reports += 1
        return Snapshot(f"R{self.reports}", LEFT_AT, dict(self.stock))

    def ship(self, *items: Item, reference: str = "", number: str = "", is_last: bool = True) -> Shipment:
        """A parcel of the newest order, or of this one, leaves; without items with all that was sent."""
        reference = reference or next(reversed(self.orders))
        there = self.standing[reference]
        parcel = Shipment(
            reference=f"{reference}/{len(there.shipments) + 1}",
            shipped_at=LEFT_AT,
            items=items or self.orders[reference].items,
            carrier="invented",
            tracking_number=number or f"OUT{len(self.orders):04d}{len(there.shipments)}",
        )
        state = State.SHIPPED if is_last else there.state
        self.standing[reference] = replace(there, state=state, shipments=(*there.shipments, parcel))
        return parcel

    def _called(self, what: str) -> str:
        """What goes wrong before anything happens is raised here."""
        self.calls.append(what)
        fault = self.faults.popleft() if self.faults else ""
        match fault:
            case "down":
                raise Throttled("it is closed for an hour")
            case "locked":
                raise AuthExpired("it does not let us in")
            case "broken":
                raise ValueError("<html>502</html>")
            case "refuses":
                raise Invalid("it does not want to")
        return fault

    def _interrupt(self) -> None:
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()

    def _lose(self, fault: str) -> None:
        if fault == "late":
            raise Unclear("timed out after 20 s")


def plugged(warehouse: Warehouse, known: Mapping[str, Plug]) -> dict[str, Plug]:
    """These plugs, and the warehouse as one more that needs no settings."""
    return {
        **known,
        "invented": Plug("invented", "An invented warehouse", (), {Warehouse: warehouse, Notices: warehouse}),
    }
