"""An invented carrier in memory, which misbehaves as it is told to."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from msgspec.structs import replace

from quartermaster.core.plugs import Plug
from quartermaster.shipping.ports import (
    Account,
    Bought,
    Carrier,
    NotDone,
    Offer,
    RefusedByCarrier,
    Shipment,
    Unclear,
    Wanted,
)

COST_MINOR = 199  # less than the tables' carriers take, so that the rules choose it


class InventedCarrier:
    """Sells one service to everywhere. `faults` are what its next calls do, one each, in this order:

    "down": nothing happens, and it says so · "broken": it answers nonsense and nothing happened · "late": it
    does what it was asked and the answer is lost · "liar": it knows of nothing it was asked for · "refuses".
    `bad_postcodes`: where it does not go. `meanwhile`: called in the middle of a purchase, once.
    """

    def __init__(self, faults: Iterable[str] = (), bad_postcodes: Iterable[str] = ()) -> None:
        self.faults = deque(faults)
        self.bad_postcodes = frozenset(bad_postcodes)
        self.sold: dict[str, Bought] = {}
        self.calls: list[str] = []
        self.accounts: list[str] = []
        self.meanwhile: Callable[[], None] | None = None

    @property
    def live(self) -> int:
        """Labels that were paid and not given back."""
        return sum(not label.is_void for label in self.sold.values())

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        day = shipment.ready_at.date()
        return (
            Offer(
                carrier="invented",
                service="only",
                title="Invented",
                account=account.slug,
                cost_minor=COST_MINOR,
                currency="EUR",
                leaves_on=day,
                arrives_on=day + timedelta(days=1),
                because=("one price for everything",),
            ),
        )

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        fault = self._called("buy", account)
        if wanted.shipment.receiver.postcode in self.bad_postcodes:
            raise RefusedByCarrier("no such address")
        if wanted.reference not in self.sold:
            number = f"IN{len(self.sold) + 1:09d}"
            self.sold[wanted.reference] = Bought(wanted.reference, number, COST_MINOR, "EUR")
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        self._lose(fault)
        return self.sold[wanted.reference]

    def find(self, *, account: Account, reference: str, ref: str = "") -> Bought | None:
        fault = self._called("find", account)
        self._lose(fault)
        return None if fault == "liar" else self.sold.get(reference)

    def void(
        self,
        *,
        account: Account,
        reference: str,
        tracking_number: str,
        ref: str = "",
        carrier_ref: str = "",
    ) -> None:
        fault = self._called("void", account)
        if reference not in self.sold:
            raise RefusedByCarrier("no such label")
        self.sold[reference] = replace(self.sold[reference], is_void=True)
        self._lose(fault)

    def _called(self, what: str, account: Account) -> str:
        """What goes wrong before anything happens is raised here."""
        self.calls.append(what)
        self.accounts.append(account.slug)
        fault = self.faults.popleft() if self.faults else ""
        match fault:
            case "down":
                raise NotDone("it is closed for an hour")
            case "broken":
                raise ValueError("<html>502</html>")
            case "refuses":
                raise RefusedByCarrier("it does not want to")
        return fault

    def _lose(self, fault: str) -> None:
        if fault == "late":
            raise Unclear("timed out after 20 s")


def plugged(carrier: Carrier, known: Mapping[str, Plug]) -> dict[str, Plug]:
    """These plugs, and the carrier as one more that needs no settings."""
    return {**known, "invented": Plug("invented", "An invented carrier", (), {Carrier: carrier})}
