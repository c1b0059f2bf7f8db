"""Every warehouse of others that needs no network, against everything we rely on."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from quartermaster.core.outside import Account
from quartermaster.outside.ports import Item, Order, Receipt, Standing
from quartermaster.testing.conformance.outside import CHECKS, Check, Stand
from quartermaster.testing.warehouses import InventedWarehouse

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def invented(warehouse: InventedWarehouse | None = None) -> Stand:
    there = warehouse or InventedWarehouse()

    def ship(reference: str, items: tuple[Item, ...], is_last: bool) -> None:
        there.ship(*items, reference=reference, is_last=is_last)

    def receive(items: tuple[Item, ...]) -> None:
        there.receipts.append(Receipt(f"RC{len(there.receipts) + 1}", AT, items))

    return Stand(there, Account("invented"), ship, receive)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_warehouse(check: Check):
    check(invented())


class Doubling(InventedWarehouse):
    """The same order again is a second order there, under a number of its own."""

    def send(self, *, account: Account, order: Order) -> Standing:
        first = super().send(account=account, order=order)
        return replace(first, theirs=f"W{len(self.calls)}")


def test_the_suite_finds_out_a_warehouse_that_forgets():
    (check,) = (one for one in CHECKS if one.__name__ == "the_same_order_sent_twice_is_one_order")

    with pytest.raises(AssertionError):
        check(invented(Doubling()))
