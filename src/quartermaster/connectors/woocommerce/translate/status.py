"""What WooCommerce's one status says about payment, about the units, and about waiting."""

from enum import StrEnum
from typing import NamedTuple

from quartermaster.connectors.woocommerce.translate.bodies import Order
from quartermaster.orders.ports import PaymentState

DRAFTS = ("draft", "auto-draft", "checkout-draft")
TRASH = "trash"
_ON_DELIVERY = ("cod", "cash_on_delivery")


class Progress(StrEnum):
    """What has become of all units of the order: WooCommerce knows no halves."""

    WAITING = "waiting"
    HANDED_OVER = "handed_over"
    GONE = "gone"  # cancelled, or paid back before they left


class Status(NamedTuple):
    name: str
    payment: PaymentState
    progress: Progress
    asks_hold: str = ""
    rank: int = 0  # of two versions saved in one second, the higher is the later one


def name_of(told: object) -> str:
    """The status without the prefix it has in the database."""
    return told.strip().lower().removeprefix("wc-") if isinstance(told, str) else ""


def method(order: Order) -> str:
    return order.payment_method or (order.payment_details.method_id if order.payment_details else None) or ""


def was_paid(order: Order) -> bool:
    legacy = bool(order.payment_details and order.payment_details.paid)
    return legacy or bool(order.date_paid_gmt or order.date_paid)


def read_status(order: Order, doubts: list[str]) -> Status:
    """https://woocommerce.com/document/managing-orders/order-statuses/, read 2026-11-23."""
    name = name_of(order.status)
    paid = PaymentState.PAID if was_paid(order) else PaymentState.PENDING
    waiting, gone = Progress.WAITING, Progress.GONE
    match name:
        case "pending":
            return Status(name, paid, waiting, rank=1)
        case "failed":
            return Status(
                name, PaymentState.PENDING, waiting, "WooCommerce says that the payment failed.", rank=2
            )
        case "on-hold":
            because = (
                "WooCommerce has it on hold: its payment is to be confirmed, or the shop wants to see it."
            )
            return Status(name, paid, waiting, because, rank=3)
        case "processing":
            on_delivery = method(order) in _ON_DELIVERY and paid is PaymentState.PENDING
            state = PaymentState.ON_DELIVERY if on_delivery else PaymentState.PAID
            return Status(name, state, waiting, rank=4)
        case "completed":
            return Status(name, PaymentState.PAID, Progress.HANDED_OVER, rank=5)
        case "cancelled":
            state = paid if paid is PaymentState.PAID else PaymentState.VOIDED
            return Status(name, state, gone, rank=6)
        case "refunded":
            had_left = bool(order.date_completed_gmt or order.date_completed or order.completed_at)
            return Status(name, PaymentState.REFUNDED, Progress.HANDED_OVER if had_left else gone, rank=7)
    doubts.append(
        f"The status {name[:40]!r} is none of WooCommerce's own." if name else "No status is given."
    )
    return Status(name, paid if paid is PaymentState.PAID else PaymentState.UNKNOWN, waiting)
