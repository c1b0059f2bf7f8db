"""Every carrier that needs no network, against everything shipping relies on."""

import pytest

from quartermaster.core import plugs
from quartermaster.shipping.ports import Account, Bought, Carrier, Wanted
from quartermaster.testing.carriers import InventedCarrier
from quartermaster.testing.conformance.carriers import CHECKS, Check, Stand, a_shipment


def stands() -> list[Stand]:
    built_in = plugs.plug("rate_table").offer(Carrier)
    assert built_in is not None
    return [
        Stand(built_in, Account("rate_table"), a_shipment()),
        Stand(InventedCarrier(), Account("invented"), a_shipment()),
    ]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("stand", stands(), ids=lambda stand: stand.account.slug)
def test_carrier(db: None, stand: Stand, check: Check):
    check(stand)


class Forgetful(InventedCarrier):
    """It sells a new label each time, finds what it never sold, and takes nothing back for good."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number

    def buy(self, *, account: Account, wanted: Wanted) -> Bought:
        self.calls.append("buy")
        return Bought(wanted.reference, self.number.format(len(self.calls)), 1, "EUR")

    def find(self, *, account: Account, reference: str, ref: str = "") -> Bought | None:
        return Bought(reference, "found", 1, "EUR")

    def void(
        self,
        *,
        account: Account,
        reference: str,
        tracking_number: str,
        ref: str = "",
        carrier_ref: str = "",
    ) -> None:
        return None


@pytest.mark.parametrize("check", CHECKS[2:], ids=lambda check: check.__name__)
def test_the_suite_finds_out_a_carrier_that_forgets(check: Check):
    twins = check.__name__ == "two_references_are_two_labels"

    with pytest.raises(AssertionError):
        check(Stand(Forgetful("X" if twins else "X{}"), Account("invented"), a_shipment()))
