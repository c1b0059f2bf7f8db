"""An order as Shopify's webhook tells one that was just paid: every field that is read of it."""

from collections.abc import Sequence
from decimal import Decimal

from quartermaster.testing.simulators.shopify.nodes import Json

_PLACE = {
    "first_name": "Ann",
    "last_name": "Example",
    "name": "Ann Example",
    "company": None,
    "address1": "Lane 1",
    "address2": None,
    "city": "Berlin",
    "zip": "10115",
    "province": None,
    "province_code": None,
    "country": "Germany",
    "country_code": "DE",
    "phone": "+49 30 5550101",
    "latitude": None,
    "longitude": None,
}
_SHIPPING = Decimal("4.90")


def sold(number: int, at: str, lines: Sequence[Json]) -> Json:
    """`lines`: sku, quantity (1 when not given) and price of one (9.90). No taxes; shipping is EUR 4.90."""
    items = [_item(number * 100 + n, n, line) for n, line in enumerate(lines, 1)]
    total = sum((Decimal(str(one["price"])) * int(str(one["quantity"])) for one in items), _SHIPPING)
    return {
        "id": number,
        "name": f"#{number}",
        "order_number": number,
        "created_at": at,
        "processed_at": at,
        "cancelled_at": None,
        "cancel_reason": None,
        "currency": "EUR",
        "presentment_currency": "EUR",
        "taxes_included": False,
        "test": False,
        "financial_status": "paid",
        "fulfillment_status": None,
        "total_price": str(total),
        "current_total_price": str(total),
        "total_outstanding": "0.00",
        "total_discounts": "0.00",
        "total_tax": "0.00",
        "total_tip_received": "0.00",
        "payment_gateway_names": ["shopify_payments"],
        "line_items": items,
        "shipping_lines": [{"title": "Parcel", "code": "parcel", "price": str(_SHIPPING)}],
        "tax_lines": [],
        "fulfillments": [],
        "refunds": [],
        "email": "ann@example.org",
        "phone": None,
        "shipping_address": _PLACE,
        "billing_address": _PLACE,
        "note": None,
        "tags": "",
        "source_name": "web",
    }


def _item(number: int, place: int, line: Json) -> Json:
    sku, quantity = str(line["sku"]), int(str(line.get("quantity", 1)))
    return {
        "id": number,
        "sku": sku,
        "title": sku,
        "name": sku,
        "variant_id": 20_000 + place,
        "product_id": 10_000 + place,
        "quantity": quantity,
        "current_quantity": quantity,
        "fulfillable_quantity": quantity,
        "price": str(Decimal(str(line.get("price", "9.90")))),
        "requires_shipping": True,
        "gift_card": False,
    }
