"""An order as WooCommerce tells one that was just paid: every field that is read of it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

type Json = dict[str, object]

_SHOWN = "%Y-%m-%dT%H:%M:%S"
_BUYER = {
    "first_name": "Ann",
    "last_name": "Example",
    "company": "",
    "address_1": "Lane 1",
    "address_2": "",
    "city": "Berlin",
    "state": "",
    "postcode": "10115",
    "country": "DE",
    "email": "ann@example.org",
    "phone": "+49 30 5550101",
}
_SHIPPING = Decimal("4.90")


def sold(number: int, at: datetime, currency: str, lines: Sequence[Json]) -> Json:
    """`lines`: sku, quantity (1 when not given) and price of one (9.90). No taxes."""
    items = [_item(number * 100 + n, line) for n, line in enumerate(lines, 1)]
    total = sum((Decimal(str(item["total"])) for item in items), _SHIPPING)
    moment = at.strftime(_SHOWN)
    return {
        "id": number,
        "number": str(number),
        "parent_id": 0,
        "status": "processing",
        "currency": currency,
        "prices_include_tax": False,
        "order_key": f"wc_order_{number}",
        "date_created_gmt": moment,
        "date_paid_gmt": moment,
        "date_completed_gmt": None,
        "discount_total": "0.00",
        "discount_tax": "0.00",
        "shipping_total": str(_SHIPPING),
        "shipping_tax": "0.00",
        "cart_tax": "0.00",
        "total": str(total),
        "total_tax": "0.00",
        "customer_id": 0,
        "billing": _BUYER,
        "shipping": _BUYER,
        "payment_method": "card",
        "payment_method_title": "Card",
        "customer_note": "",
        "meta_data": [],
        "line_items": items,
        "shipping_lines": [
            {
                "id": number * 100,
                "method_title": "Parcel",
                "method_id": "flat_rate",
                "total": str(_SHIPPING),
                "total_tax": "0.00",
                "taxes": [],
            }
        ],
        "tax_lines": [],
        "fee_lines": [],
        "coupon_lines": [],
        "refunds": [],
    }


def _item(number: int, line: Json) -> Json:
    quantity, price = int(str(line.get("quantity", 1))), Decimal(str(line.get("price", "9.90")))
    total = str(price * quantity)
    return {
        "id": number,
        "name": str(line["sku"]),
        "product_id": number,
        "variation_id": 0,
        "quantity": quantity,
        "subtotal": total,
        "subtotal_tax": "0.00",
        "total": total,
        "total_tax": "0.00",
        "taxes": [],
        "meta_data": [],
        "sku": str(line["sku"]),
        "price": str(price),
    }
