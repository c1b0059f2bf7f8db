"""An invented shop that speaks Shopify's webhooks: it keeps its
orders and tells each change as the whole order."""

import base64
import copy
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

INVENTED_SECRET = "sesame"
OPENED_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Webhook(NamedTuple):
    """One delivery, ready to post."""

    topic: str
    body: bytes
    headers: Mapping[str, str]


class Shop:
    """Orders of one shop. Every verb changes an order, lets a minute pass, and returns what it sends."""

    def __init__(self, secret: str = INVENTED_SECRET, currency: str = "EUR") -> None:
        self.secret, self.currency = secret, currency
        self.orders: dict[int, dict[str, Any]] = {}
        self.now = OPENED_AT
        self._delivery = 0

    def sell(
        self, *lines: tuple[str, int], order_id: int = 0, country: str = "DE", **different: Any
    ) -> Webhook:
        """A paid order of (SKU, quantity) lines at 10.00 a unit."""
        order_id = order_id or 5_000_000_001 + len(self.orders)
        name = f"#{1001 + len(self.orders)}"
        items = [self._line(order_id * 10 + n, sku, quantity) for n, (sku, quantity) in enumerate(lines)]
        self.orders[order_id] = {
            "id": order_id,
            "name": name,
            "email": f"buyer{order_id}@example.com",
            "created_at": self._time(),
            "currency": self.currency,
            "presentment_currency": self.currency,
            "taxes_included": True,
            "financial_status": "paid",
            "fulfillment_status": None,
            "cancelled_at": None,
            "test": False,
            "line_items": items,
            "shipping_lines": [],
            "tax_lines": [],
            "discount_codes": [],
            "refunds": [],
            "fulfillments": [],
            "payment_gateway_names": ["invented_pay"],
            "total_outstanding": "0.00",
            "customer": {"id": order_id, "email": f"buyer{order_id}@example.com", "first_name": "Ann"},
            "shipping_address": _address(country),
            "billing_address": _address(country),
            **different,
        }
        return self._tell(order_id, "orders/create")

    def readdress(self, order_id: int, city: str) -> Webhook:
        self.orders[order_id]["shipping_address"]["city"] = city
        return self._tell(order_id, "orders/updated")

    def pay(self, order_id: int, more: int = 0) -> Webhook:
        """All of it is paid; with `more`, so many euros beyond its total."""
        self.orders[order_id] |= {"financial_status": "paid", "total_outstanding": f"{-more}.00"}
        return self._tell(order_id, "orders/paid")

    def add_line(self, order_id: int, sku: str, quantity: int) -> Webhook:
        """An edit in the shop: one line more, paid at once."""
        items = self.orders[order_id]["line_items"]
        items.append(self._line(order_id * 10 + len(items), sku, quantity))
        return self._tell(order_id, "orders/updated")

    def add_units(self, order_id: int, line: int, quantity: int) -> Webhook:
        """An edit in the shop: more units of a line, paid at once."""
        item = self.orders[order_id]["line_items"][line]
        for name in ("quantity", "current_quantity", "fulfillable_quantity"):
            item[name] += quantity
        return self._tell(order_id, "orders/updated")

    def give_back(self, order_id: int, euros: int) -> Webhook:
        """Money back for no units: a refund with an amount alone."""
        self.refund(order_id, 0, 0, restock="no_restock")
        refund = self.orders[order_id]["refunds"][-1]
        refund["refund_line_items"] = []
        refund["transactions"][0]["amount"] = f"{euros}.00"
        return self._tell(order_id, "orders/updated")

    def refund(self, order_id: int, line: int, quantity: int, restock: str = "cancel") -> Webhook:
        """Give money back for units of a line; `cancel` takes them off
        the order, `return` says they came back."""
        order = self.orders[order_id]
        item = order["line_items"][line]
        refund = {
            "id": order_id * 100 + len(order["refunds"]),
            "order_id": order_id,
            "created_at": self._time(),
            "note": "",
            "refund_line_items": [
                {
                    "id": order_id * 1000 + len(order["refunds"]),
                    "line_item_id": item["id"],
                    "quantity": quantity,
                    "restock_type": restock,
                    "subtotal": quantity * 10.0,
                    "total_tax": 0.0,
                }
            ],
            "transactions": [
                {
                    "id": order_id * 10000 + len(order["refunds"]),
                    "kind": "refund",
                    "status": "success",
                    "amount": f"{quantity * 10}.00",
                    "currency": self.currency,
                }
            ],
            "order_adjustments": [],
        }
        order["refunds"].append(refund)
        if restock in ("cancel", "return"):
            item["current_quantity"] -= quantity
        if restock == "cancel":
            item["fulfillable_quantity"] -= quantity
        order["financial_status"] = "partially_refunded"
        return self._tell(order_id, "orders/updated")

    def refund_notice(self, order_id: int) -> Webhook:
        """The newest refund of an order, told on its own."""
        return self._deliver("refunds/create", self.orders[order_id]["refunds"][-1])

    def cancel(self, order_id: int) -> Webhook:
        order = self.orders[order_id]
        order |= {"cancelled_at": self._time(), "cancel_reason": "customer"}
        for item in order["line_items"]:
            item["fulfillable_quantity"] = 0
        return self._tell(order_id, "orders/cancelled")

    def fulfil(self, order_id: int, *units: tuple[int, int]) -> Webhook:
        """Hand over (line, quantity) units."""
        order = self.orders[order_id]
        items = []
        for line, quantity in units:
            item = order["line_items"][line]
            item["fulfillable_quantity"] -= quantity
            items.append({"id": item["id"], "quantity": quantity, "sku": item["sku"]})
        order["fulfillments"].append(
            {
                "id": order_id * 100 + len(order["fulfillments"]),
                "order_id": order_id,
                "status": "success",
                "created_at": self._time(),
                "line_items": items,
            }
        )
        is_whole = all(item["fulfillable_quantity"] == 0 for item in order["line_items"])
        order["fulfillment_status"] = "fulfilled" if is_whole else "partial"
        return self._tell(order_id, "orders/fulfilled" if is_whole else "orders/partially_fulfilled")

    def _tell(self, order_id: int, topic: str) -> Webhook:
        self.now += timedelta(minutes=1)
        order = self.orders[order_id]
        total = sum(item["quantity"] for item in order["line_items"]) * 10
        amount = f"{total}.00"
        order |= {
            "updated_at": self._time(),
            "total_price": amount,
            "current_total_price": f"{sum(item['current_quantity'] for item in order['line_items']) * 10}.00",
            "subtotal_price": amount,
            "total_line_items_price": amount,
            "total_tax": "0.00",
            "total_discounts": "0.00",
        }
        return self._deliver(topic, order)

    def _deliver(self, topic: str, content: Mapping[str, Any]) -> Webhook:
        self._delivery += 1
        body = json.dumps(copy.deepcopy(content)).encode()
        return signed(topic, body, delivery_id=f"d-{id(self)}-{self._delivery}", secret=self.secret)

    def _line(self, line_id: int, sku: str, quantity: int) -> dict[str, Any]:
        return {
            "id": line_id,
            "sku": sku,
            "title": f"Thing {sku}",
            "name": f"Thing {sku}",
            "quantity": quantity,
            "current_quantity": quantity,
            "fulfillable_quantity": quantity,
            "fulfillment_status": None,
            "price": "10.00",
            "total_discount": "0.00",
            "discount_allocations": [],
            "tax_lines": [],
            "requires_shipping": True,
            "gift_card": False,
            "product_id": line_id + 1,
            "variant_id": line_id + 2,
        }

    def _time(self) -> str:
        return self.now.isoformat()


def signed(topic: str, body: bytes, *, delivery_id: str, secret: str) -> Webhook:
    """A webhook with Shopify's headers over exactly these bytes."""
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    headers = {
        "content-type": "application/json",
        "x-shopify-topic": topic,
        "x-shopify-webhook-id": delivery_id,
        "x-shopify-hmac-sha256": signature,
        "x-shopify-shop-domain": "invented.example",
    }
    return Webhook(topic, body, headers)


def _address(country: str) -> dict[str, str]:
    return {
        "first_name": "Ann",
        "last_name": "Example",
        "address1": "Lane 1",
        "city": "Berlin",
        "zip": "10115",
        "country_code": country,
        "country": country,
    }
