"""What Magento's state of an order says; what was paid and what became of the units stands in numbers."""

from typing import NamedTuple

from quartermaster.connectors.magento.translate.bodies import Order
from quartermaster.orders.ports import PaymentState

ON_DELIVERY = ("cashondelivery", "phoenix_cashondelivery", "cod")
_RANKS = (
    "new",
    "pending_payment",
    "payment_review",
    "holded",
    "processing",
    "complete",
    "closed",
    "canceled",
)
_HOLDS = {
    "holded": "Magento has it on hold.",
    "payment_review": "Magento has its payment under review.",
}


class State(NamedTuple):
    """`rank`: of two versions saved in one second, the higher is the later one."""

    name: str
    is_cancelled: bool
    asks_hold: str
    rank: int


class Paid(NamedTuple):
    """Minor units."""

    total: int
    paid: int
    refunded: int
    authorised: int


def read_state(order: Order, doubts: list[str]) -> State:
    name = (order.state or "").strip().lower()
    if name not in _RANKS:
        doubts.append(f"The state {name[:40]!r} is none of Magento's own." if name else "No state is given.")
        return State(name[:40], False, "", 0)
    return State(name, name == "canceled", _HOLDS.get(name, ""), _RANKS.index(name) + 1)


def method(order: Order) -> str:
    return (order.payment.method if order.payment else None) or ""


def payment(state: State, paid: Paid, gateway: str) -> PaymentState:
    if paid.refunded and paid.refunded >= paid.paid:
        return PaymentState.REFUNDED
    if paid.refunded:
        return PaymentState.PARTLY_REFUNDED
    if state.is_cancelled and not paid.paid:
        return PaymentState.VOIDED
    if paid.paid >= paid.total:
        return PaymentState.PAID
    if paid.paid:
        return PaymentState.PARTLY_PAID
    if gateway in ON_DELIVERY:
        return PaymentState.ON_DELIVERY
    return PaymentState.AUTHORISED if paid.authorised else PaymentState.PENDING
