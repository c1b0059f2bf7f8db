"""The conformance suite of shops that are told of cancellations and that give money back.

Each check is a function of a stand and raises AssertionError. Against a sandbox or a simulator, run them one
test each, as tests/channels/test_back.py does: CANCEL_CHECKS where the shop can be told of cancellations,
REFUND_CHECKS where it gives money back.
"""

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.channels.ports import (
    Cancellation,
    CancelledLine,
    Cancels,
    Refund,
    RefundedLine,
    Refunds,
)
from quartermaster.core.outside import Account, AuthExpired, Conflict, Invalid, Missing, RefusedOutside
from quartermaster.testing.conformance.faults import FAULTS, raised, until_known


class Sold(NamedTuple):
    """An order at the shop, paid: two units of the first line, one of the second, and shipping. Amounts in
    minor units, all of a line with its tax."""

    order: str
    lines: tuple[str, str]
    codes: tuple[str, str]
    line_minor: tuple[int, int]
    shipping_minor: int

    @property
    def paid_minor(self) -> int:
        return sum(self.line_minor) + self.shipping_minor


class Stand(NamedTuple):
    """A shop, an account of its sandbox, and what happens there.

    `sell()` places and pays an order. `open_units(order)`: units the shop still means to send. `ship(order)`:
    all of it left. `given_back(order)`: minor units it paid back. `restocked()`: units it counted into its
    stock. `misbehave(fault)`: the next call that changes something goes wrong like that; None where it cannot
    be made to (a sandbox).
    """

    account: Account
    currency: str
    sell: Callable[[], Sold]
    open_units: Callable[[str], int]
    ship: Callable[[str], None]
    given_back: Callable[[str], int]
    restocked: Callable[[], int]
    cancels: Cancels | None = None
    refunds: Refunds | None = None
    misbehave: Callable[[str], None] | None = None

    @property
    def cancelling(self) -> Cancels:
        assert self.cancels is not None
        return self.cancels

    @property
    def refunding(self) -> Refunds:
        assert self.refunds is not None
        return self.refunds


type Check = Callable[[Stand], None]


def whole(sold: Sold, reference: str = "C-1") -> Cancellation:
    lines = tuple(
        CancelledLine(line, code, units)
        for line, code, units in zip(sold.lines, sold.codes, (2, 1), strict=True)
    )
    return Cancellation(reference, sold.order, lines, is_whole=True, reason="inventory")


def part(sold: Sold, reference: str = "C-1") -> Cancellation:
    """One unit of the first line."""
    line = CancelledLine(sold.lines[0], sold.codes[0], 1)
    return Cancellation(reference, sold.order, (line,), is_whole=False, reason="customer")


def cancel(stand: Stand, cancellation: Cancellation) -> object:
    return stand.cancelling.cancel(account=stand.account, cancellation=cancellation)


def is_cancelled(stand: Stand, cancellation: Cancellation) -> bool:
    found = stand.cancelling.find_cancellation(account=stand.account, cancellation=cancellation)
    return found is not None


def a_cancellation_is_known_once_it_was_told(stand: Stand) -> None:
    wanted = whole(stand.sell())
    assert not is_cancelled(stand, wanted)
    told = cancel(stand, wanted)
    assert stand.cancelling.find_cancellation(account=stand.account, cancellation=wanted) == told
    assert stand.open_units(wanted.order) == 0


def cancelling_again_is_the_same(stand: Stand) -> None:
    wanted = whole(stand.sell())
    assert cancel(stand, wanted) == cancel(stand, wanted)
    assert stand.open_units(wanted.order) == 0


def a_part_is_cancelled_once_where_parts_can_be(stand: Stand) -> None:
    wanted = part(stand.sell())
    if not stand.cancelling.cancels_lines:
        assert raised(lambda: cancel(stand, wanted)) in (Invalid, Conflict)
        assert stand.open_units(wanted.order) == 3
        return
    assert cancel(stand, wanted) == cancel(stand, wanted)
    assert stand.open_units(wanted.order) == 2
    other = replace(wanted, reference="C-2")
    assert not is_cancelled(stand, other)
    cancel(stand, other)
    assert stand.open_units(wanted.order) == 1
    assert is_cancelled(stand, wanted)
    assert is_cancelled(stand, other)


def what_left_is_not_cancelled(stand: Stand) -> None:
    wanted = whole(stand.sell())
    stand.ship(wanted.order)
    assert raised(lambda: cancel(stand, wanted)) in (Conflict, Invalid)
    assert not is_cancelled(stand, wanted)


def a_cancellation_of_no_order_is_refused(stand: Stand) -> None:
    wanted = replace(whole(stand.sell()), order="999999999")
    assert raised(lambda: cancel(stand, wanted)) in (Missing, RefusedOutside)


def whatever_goes_wrong_it_is_cancelled(stand: Stand) -> None:
    if stand.misbehave is None:
        return
    for n, fault in enumerate(FAULTS):
        wanted = whole(stand.sell(), f"C-1{n}")
        stand.misbehave(fault)
        assert until_known(lambda w=wanted: cancel(stand, w), lambda w=wanted: is_cancelled(stand, w)), fault  # type: ignore[misc]
        assert stand.open_units(wanted.order) == 0, fault


def some(stand: Stand, sold: Sold, reference: str = "R-1") -> Refund:
    """One of the two units of the first line, and all of the shipping."""
    amount = sold.line_minor[0] // 2
    line = RefundedLine(sold.lines[0], sold.codes[0], 1, amount)
    return Refund(
        reference,
        sold.order,
        amount + sold.shipping_minor,
        stand.currency,
        lines=(line,),
        shipping_minor=sold.shipping_minor,
        note="it came broken",
    )


def plain(stand: Stand, sold: Sold, amount_minor: int, reference: str = "R-1") -> Refund:
    """Money that belongs to no line."""
    return Refund(reference, sold.order, amount_minor, stand.currency)


def refund(stand: Stand, wanted: Refund) -> object:
    return stand.refunding.refund(account=stand.account, refund=wanted)


def is_refunded(stand: Stand, wanted: Refund) -> bool:
    return stand.refunding.find_refund(account=stand.account, refund=wanted) is not None


def a_refund_is_known_once_it_was_paid(stand: Stand) -> None:
    wanted = some(stand, stand.sell())
    assert not is_refunded(stand, wanted)
    told = refund(stand, wanted)
    assert stand.refunding.find_refund(account=stand.account, refund=wanted) == told
    assert stand.given_back(wanted.order) == wanted.amount_minor


def asking_again_pays_once(stand: Stand) -> None:
    wanted = some(stand, stand.sell())
    assert refund(stand, wanted) == refund(stand, wanted)
    assert stand.given_back(wanted.order) == wanted.amount_minor


def two_refunds_of_an_order_are_two(stand: Stand) -> None:
    """Of the same amount: only the reference tells them apart."""
    sold = stand.sell()
    one, other = plain(stand, sold, 150), plain(stand, sold, 150, "R-2")
    refund(stand, one)
    assert not is_refunded(stand, other)
    refund(stand, other)
    assert stand.given_back(sold.order) == 300
    assert is_refunded(stand, one)
    assert is_refunded(stand, other)


def all_of_it_can_be_given_back(stand: Stand) -> None:
    sold = stand.sell()
    lines = tuple(
        RefundedLine(line, code, units, minor)
        for line, code, units, minor in zip(sold.lines, sold.codes, (2, 1), sold.line_minor, strict=True)
    )
    wanted = Refund("R-1", sold.order, sold.paid_minor, stand.currency, lines, sold.shipping_minor)
    refund(stand, wanted)
    assert stand.given_back(sold.order) == sold.paid_minor


def never_more_than_was_paid(stand: Stand) -> None:
    sold = stand.sell()
    too_much = plain(stand, sold, sold.paid_minor + 1)
    assert raised(lambda: refund(stand, too_much)) in (Invalid, Conflict)
    assert (is_refunded(stand, too_much), stand.given_back(sold.order)) == (False, 0)
    refund(stand, plain(stand, sold, sold.paid_minor - 100, "R-2"))
    assert raised(lambda: refund(stand, plain(stand, sold, 101, "R-3"))) in (Invalid, Conflict)
    assert stand.given_back(sold.order) == sold.paid_minor - 100


def a_refund_of_no_order_is_refused(stand: Stand) -> None:
    wanted = replace(some(stand, stand.sell()), order="999999999")
    assert raised(lambda: refund(stand, wanted)) in (Missing, RefusedOutside)


def a_refund_puts_nothing_back_into_stock(stand: Stand) -> None:
    before = stand.restocked()
    refund(stand, some(stand, stand.sell()))
    assert stand.restocked() == before


def a_wrong_key_pays_nothing(stand: Stand) -> None:
    if stand.misbehave is not None:
        wanted = some(stand, stand.sell())
        stand.misbehave("401")
        assert raised(lambda: refund(stand, wanted)) is AuthExpired
        assert stand.given_back(wanted.order) == 0


def whatever_goes_wrong_it_is_paid_once(stand: Stand) -> None:
    if stand.misbehave is None:
        return
    for n, fault in enumerate(FAULTS):
        wanted = some(stand, stand.sell(), f"R-1{n}")
        stand.misbehave(fault)
        assert until_known(lambda w=wanted: refund(stand, w), lambda w=wanted: is_refunded(stand, w)), fault  # type: ignore[misc]
        assert stand.given_back(wanted.order) == wanted.amount_minor, fault


CANCEL_CHECKS: tuple[Check, ...] = (
    a_cancellation_is_known_once_it_was_told,
    cancelling_again_is_the_same,
    a_part_is_cancelled_once_where_parts_can_be,
    what_left_is_not_cancelled,
    a_cancellation_of_no_order_is_refused,
    whatever_goes_wrong_it_is_cancelled,
)
REFUND_CHECKS: tuple[Check, ...] = (
    a_refund_is_known_once_it_was_paid,
    asking_again_pays_once,
    two_refunds_of_an_order_are_two,
    all_of_it_can_be_given_back,
    never_more_than_was_paid,
    a_refund_of_no_order_is_refused,
    a_refund_puts_nothing_back_into_stock,
    a_wrong_key_pays_nothing,
    whatever_goes_wrong_it_is_paid_once,
)
