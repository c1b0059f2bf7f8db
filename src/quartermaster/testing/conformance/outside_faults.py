"""The conformance suite of warehouses of others that misbehave: nothing is doubled, lost or made up.

Each check is a function of a stand and of what makes the next call go wrong, and raises AssertionError. What
is unclear is looked up, not repeated, as the outbox does it. Run them with every fault that can happen there.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from quartermaster.core.outside import Conflict, NotDone, RefusedOutside, Unclear
from quartermaster.outside.ports import Capability, Item, State
from quartermaster.testing.conformance.outside import Stand, an_order, sent, units

TRIES = 6


class Faulty(NamedTuple):
    """A stand, and what it may misuse. misbehave: the next call of this name goes wrong: send, find, cancel,
    news, receipts, stock. orders: how often they have an order under this reference."""

    stand: Stand
    misbehave: Callable[[str], None]
    orders: Callable[[str], int]


type Check = Callable[[Faulty], None]


def an_order_that_goes_wrong_on_its_way_is_there_once(there: Faulty) -> None:
    warehouse, account, _, _ = there.stand
    order = an_order()
    there.misbehave("send")
    is_unclear = False
    for _ in range(TRIES):
        try:
            if is_unclear and warehouse.find(account=account, reference=order.reference):
                break
            is_unclear = False
            warehouse.send(account=account, order=order)
            break
        except NotDone:
            continue
        except Unclear:
            is_unclear = True
        except RefusedOutside:
            assert there.orders(order.reference) == 0, "it refused what it has"
            return
    else:
        raise AssertionError("it was never sent")
    assert there.orders(order.reference) == 1
    assert warehouse.find(account=account, reference=order.reference) is not None


def an_order_they_have_is_never_called_unknown(there: Faulty) -> None:
    order = sent(there.stand)
    there.misbehave("find")
    with suppress(NotDone):
        found = there.stand.warehouse.find(account=there.stand.account, reference=order.reference)
        assert found is not None
        assert found.state in (State.HANDED, State.ACKNOWLEDGED)


def what_is_called_cancelled_is_cancelled(there: Faulty) -> None:
    warehouse, account, _, _ = there.stand
    if Capability.CANCEL not in warehouse.capabilities:
        return
    order = sent(there.stand)
    there.misbehave("cancel")
    for _ in range(TRIES):
        try:
            told = warehouse.cancel(account=account, reference=order.reference, because="not wanted")
        except (NotDone, Unclear):
            continue
        except Conflict:
            found = warehouse.find(account=account, reference=order.reference)
            assert found is not None
            assert found.state is not State.CANCELLED, "it goes on, and is cancelled"
            return
        after = warehouse.find(account=account, reference=order.reference)
        assert after is not None
        assert told.state is not State.CANCELLED or after.state is State.CANCELLED
        return
    raise AssertionError("nobody ever heard of the cancellation")


def a_parcel_is_told_with_its_units_in_the_end(there: Faulty) -> None:
    warehouse, account, ship, _ = there.stand
    order = sent(there.stand)
    ship(order.reference, order.items, True)
    there.misbehave("news")
    parcels: dict[str, dict[str, int]] = {}
    cursor, state = "", None
    for _ in range(3):
        with suppress(NotDone, Unclear):
            news = warehouse.news(account=account, references=[order.reference], cursor=cursor)
            assert not news.unread, news.unread
            cursor = news.cursor
            for standing in news.standings:
                parcels |= {parcel.reference: units(parcel.items) for parcel in standing.shipments}
                state = standing.state
            warehouse.thank(account=account, news=news)
    assert list(parcels.values()) == [units(order.items)]
    assert state is State.SHIPPED


def a_receipt_is_told_once_in_the_end(there: Faulty) -> None:
    """Behind its cursor, whether it could be thanked for or not."""
    warehouse, account, _, receive = there.stand
    if Capability.RECEIPTS not in warehouse.capabilities or receive is None:
        return
    cursor = warehouse.news(account=account, references=(), cursor="").cursor
    receive((Item("LAMP", 4),))
    there.misbehave("receipts")
    told = []
    for _ in range(3):
        with suppress(NotDone, Unclear):
            news = warehouse.news(account=account, references=(), cursor=cursor)
            assert not news.unread, news.unread
            cursor = news.cursor
            told += [units(receipt.items) for receipt in news.receipts]
            warehouse.thank(account=account, news=news)
    assert told == [{"LAMP": 4}]


def a_report_of_stock_that_goes_wrong_is_missing_and_not_made_up(there: Faulty) -> None:
    warehouse, account, _, _ = there.stand
    if Capability.SNAPSHOT not in warehouse.capabilities:
        return
    before = warehouse.snapshot(account=account, skus=["LAMP", "BULB"])
    there.misbehave("stock")
    with suppress(NotDone):
        again = warehouse.snapshot(account=account, skus=["LAMP", "BULB"])
        assert before is not None
        assert again is not None
        assert again.on_hand == before.on_hand


CHECKS: tuple[Check, ...] = (
    an_order_that_goes_wrong_on_its_way_is_there_once,
    an_order_they_have_is_never_called_unknown,
    what_is_called_cancelled_is_cancelled,
    a_parcel_is_told_with_its_units_in_the_end,
    a_receipt_is_told_once_in_the_end,
    a_report_of_stock_that_goes_wrong_is_missing_and_not_made_up,
)
