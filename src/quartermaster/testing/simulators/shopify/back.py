"""Cancellations, and money that goes back."""

from collections.abc import Callable
from decimal import Decimal
from typing import cast

from quartermaster.testing.simulators.shopify.goods import Goods
from quartermaster.testing.simulators.shopify.nodes import Json, gid, moment, parts
from quartermaster.testing.simulators.shopify.orders import Orders


class Back(Orders, Goods):
    """`pays` gives an order a payment, `given` is what went back, `restocked` what was counted in for it."""

    def __init__(self) -> None:
        Orders.__init__(self)
        Goods.__init__(self)
        self.payments: dict[str, Decimal] = {}  # where an order was paid otherwise than in full
        self.given: dict[str, Decimal] = {}
        self.fails = False  # the payment provider refuses
        self.restocks = False  # units of an order that is cancelled are for sale again, where that is asked
        self.restocked = 0

    def pays(self, order: str, amount: str) -> None:
        self.payments[order] = Decimal(amount)

    def of_back(self) -> dict[str, Callable[[Json], Json]]:
        return {
            "OrderToCancel": self._to_cancel,
            "CancelOrder": self._cancel,
            "OrderToRefund": self._to_refund,
            "CreateRefund": self._refund,
        }

    def open_units(self, order: str) -> int:
        return sum(int(str(one["fulfillable_quantity"])) for one in parts(self.orders[order], "line_items"))

    def _to_cancel(self, asked: Json) -> Json:
        order = self.order_of(asked)
        if order is None:
            return {"order": None}
        sent = [{"status": str(one["status"]).upper()} for one in parts(order, "fulfillments")]
        told = {"id": asked["id"], "cancelledAt": moment(order.get("cancelled_at")), "fulfillments": sent}
        return {"order": told}

    def _cancel(self, asked: Json) -> Json:
        order = self.order_of(asked)
        if order is None or order.get("cancelled_at") or parts(order, "fulfillments"):
            code = "NOT_FOUND" if order is None else "INVALID"
            wrong = {"code": code, "field": ["orderId"], "message": "Cannot cancel this order"}
            return {"orderCancel": {"job": None, "orderCancelUserErrors": [wrong]}}
        if self.restocks and asked.get("restock"):
            for one in parts(order, "line_items"):
                self.count_in(str(one["sku"]), int(str(one["fulfillable_quantity"])))
        lines = [
            {**one, "fulfillable_quantity": 0, "current_quantity": 0} for one in parts(order, "line_items")
        ]
        cancelled = {"cancelled_at": order["updated_at"], "cancel_reason": str(asked["reason"]).lower()}
        self.take({**order, **cancelled, "line_items": lines}, also="orders/cancelled")
        job = {"id": gid("Job", self.next_id()), "done": False}
        return {"orderCancel": {"job": job, "orderCancelUserErrors": []}}

    def _to_refund(self, asked: Json) -> Json:
        order = self.order_of(asked)
        if order is None:
            return {"order": None}
        number = str(order["id"])
        left = self._left(order)
        paid = {
            "id": gid("OrderTransaction", f"{number}1"),
            "kind": "SALE",
            "status": "SUCCESS",
            "gateway": "shopify_payments",
            "maximumRefundableV2": {"amount": str(left), "currencyCode": order["currency"]},
        }
        refunds = [_told(one) for one in parts(order, "refunds")]
        lines = [
            {"id": gid("LineItem", key), "refundableQuantity": n} for key, n in _refundable(order).items()
        ]
        return {
            "order": {
                "id": asked["id"],
                "lineItems": {"nodes": lines},
                "refunds": refunds,
                "transactions": [paid],
            }
        }

    def _refund(self, asked: Json) -> Json:
        """Once for a key. Never more than was paid, unless that is allowed."""
        key, wanted = str(asked["key"]), cast("Json", asked["input"])
        before = self.once(key, wanted, None)
        if before:
            return before
        number = str(wanted["orderId"]).rpartition("/")[2]
        moved = parts(wanted, "transactions")
        amount = sum((Decimal(str(one["amount"])) for one in moved), Decimal(0))
        left = self._left(self.orders[number])
        if before is not None or (amount > left and not wanted.get("allowOverRefunding")):
            return _refused("transactions", "Refund amount is more than is left")
        most = _refundable(self.orders[number])
        for row in parts(wanted, "refundLineItems"):
            if int(str(row["quantity"])) > most.get(str(row["lineItemId"]).rpartition("/")[2], 0):
                return _refused("refundLineItems", "Refund line quantity is more than is left")
        made = self._paid(number, wanted, amount)
        answer: Json = {"refundCreate": {"refund": _told(made), "userErrors": []}}
        return self.once(key, wanted, answer) or answer

    def gives(self, number: str, amount: Decimal, note: str) -> bool:
        """Its own people give money back, when so much is left; of no line."""
        if amount > self._left(self.orders[number]):
            return False
        self._paid(number, {"refundLineItems": [], "note": note}, amount)
        return True

    def _left(self, order: Json) -> Decimal:
        number, is_paid = str(order["id"]), order.get("financial_status") == "paid"
        total = Decimal(str(order["total_price"])) if is_paid else Decimal(0)
        return self.payments.get(number, total) - self.given.get(number, Decimal(0))

    def _paid(self, number: str, wanted: Json, amount: Decimal) -> Json:
        order = self.orders[number]
        rows = parts(wanted, "refundLineItems")
        self.restocked += sum(int(str(row["quantity"])) for row in rows if row["restockType"] != "NO_RESTOCK")
        lines = [
            {
                "line_item_id": int(str(row["lineItemId"]).rpartition("/")[2]),
                "quantity": row["quantity"],
                "restock_type": str(row["restockType"]).lower(),
                "subtotal": "0.00",
                "total_tax": "0.00",
            }
            for row in rows
        ]
        status = "failure" if self.fails else "success"
        paid = {"kind": "refund", "status": status, "amount": str(amount), "currency": order["currency"]}
        made: Json = {
            "id": self.next_id(),
            "note": wanted.get("note"),
            "created_at": order["updated_at"],
            "refund_line_items": lines,
            "transactions": [paid],
        }
        if not self.fails:
            self.given[number] = self.given.get(number, Decimal(0)) + amount
        self.take({**order, "refunds": [*parts(order, "refunds"), made]})
        self.tell("refunds/create", {**made, "order_id": order["id"]})
        return made


def _refundable(order: Json) -> dict[str, int]:
    """Units of each line that are on the order and were not refunded."""
    left = {
        str(one["id"]): int(str(one.get("current_quantity", one["quantity"])))
        for one in parts(order, "line_items")
    }
    for refund in parts(order, "refunds"):
        for row in parts(refund, "refund_line_items"):
            left[str(row["line_item_id"])] -= int(str(row["quantity"]))
    return left


def _refused(field: str, message: str) -> Json:
    wrong = {"field": [field], "message": message}
    return {"refundCreate": {"refund": None, "userErrors": [wrong]}}


def _told(refund: Json) -> Json:
    states = [{"status": str(one["status"]).upper()} for one in parts(refund, "transactions")]
    return {
        "legacyResourceId": str(refund["id"]),
        "note": refund.get("note"),
        "transactions": {"nodes": states},
    }
