"""What Amazon's one status says about payment and waiting, and who ships."""

from typing import NamedTuple

from quartermaster.connectors.amazon.translate.bodies import Fulfillment, Order
from quartermaster.orders.ports import PaymentState

# Amazon's own labels are due for these: its carriers fetch the parcel, or the buyer does.
NEEDS_AMAZON = {
    "AMAZON_EASY_SHIP": "It is an Easy Ship order: it leaves with a label from Seller Central.",
    "DELIVERY_BY_AMAZON": "Amazon's own carriers deliver it: it leaves with a label from Seller Central.",
    "IN_STORE_PICK_UP": "The buyer collects it: nothing is sent.",
}
WAITS = "Amazon is still checking the payment: price and address come when it may be shipped."
PREORDER = "It is a pre-order: Amazon lets it go when the goods are out."


class Status(NamedTuple):
    """`rank`: of two versions of one moment, the higher is the later one. `is_amazons`: it ships the order
    itself, from the stock that lies with it (FBA)."""

    name: str
    payment: PaymentState
    rank: int
    is_gone: bool = False
    is_amazons: bool = False
    is_waiting: bool = False  # no price and no address yet
    asks_hold: tuple[str, ...] = ()

    @property
    def needs_their_label(self) -> bool:
        return any(one in self.asks_hold for one in NEEDS_AMAZON.values())


def read_status(order: Order, doubts: list[str]) -> Status:
    told = order.fulfillment or Fulfillment()
    name = (told.fulfillment_status or "").strip().upper()
    is_amazons = _is_amazons(told, doubts)
    programs = [str(one).upper() for one in order.programs or ()]
    asks = () if is_amazons else tuple(NEEDS_AMAZON[one] for one in programs if one in NEEDS_AMAZON)
    paid = PaymentState.ON_DELIVERY if _is_on_delivery(order) else PaymentState.PAID
    match name:
        case "PENDING_AVAILABILITY":
            return Status(name, PaymentState.PENDING, 1, False, is_amazons, True, (PREORDER, *asks))
        case "PENDING":
            return Status(name, PaymentState.PENDING, 2, False, is_amazons, True, (WAITS, *asks))
        case "UNSHIPPED":
            return Status(name, paid, 3, False, is_amazons, False, asks)
        case "PARTIALLY_SHIPPED":
            return Status(name, paid, 4, False, is_amazons, False, asks)
        case "SHIPPED":
            return Status(name, PaymentState.PAID, 5, False, is_amazons)
        case "CANCELLED":
            return Status(name, PaymentState.VOIDED, 6, True, is_amazons)
        case "UNFULFILLABLE":
            return Status(
                name, paid, 7, False, is_amazons, False, ("Amazon says that it cannot be shipped.",)
            )
    doubts.append(f"The status {name[:40]!r} is none of Amazon's." if name else "No status is given.")
    return Status(name, PaymentState.UNKNOWN, 0, False, is_amazons, False, asks)


def _is_amazons(told: Fulfillment, doubts: list[str]) -> bool:
    by = (told.fulfilled_by or "").strip().upper()
    if by not in ("AMAZON", "MERCHANT"):
        doubts.append(f"It is shipped by {by[:40]!r}: neither by us nor by Amazon." if by else _NOBODY)
    return by == "AMAZON"


_NOBODY = "It does not say who ships it: we, or Amazon."


def _is_on_delivery(order: Order) -> bool:
    executions = order.payment.payment_executions if order.payment else None
    if any((one.payment_method or "").lower() == "cashondelivery" for one in executions or ()):
        return True
    shipping = (item.fulfillment.shipping for item in order.order_items or () if item.fulfillment)
    return any(
        one is not None
        and one.shipping_constraints is not None
        and bool(one.shipping_constraints.cash_on_delivery)
        for one in shipping
    )
