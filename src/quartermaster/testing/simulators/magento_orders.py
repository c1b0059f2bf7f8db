"""An order as Magento tells one that was just placed: every field that is read of it."""

from collections.abc import Sequence
from decimal import Decimal

type Json = dict[str, object]

_BUYER = {
    "firstname": "Ann",
    "lastname": "Example",
    "company": None,
    "street": ["Lane 1"],
    "city": "Berlin",
    "region": "Berlin",
    "region_code": "BE",
    "postcode": "10115",
    "country_id": "DE",
    "email": "ann@example.org",
    "telephone": "+49 30 5550101",
}
_SHIPPING = Decimal("4.90")


def sold(number: int, currency: str, lines: Sequence[Json]) -> Json:
    """`lines`: sku, quantity (1 when not given) and price of one (9.90). No taxes, a guest, flat rate."""
    items = [_item(number * 100 + n, line) for n, line in enumerate(lines, 1)]
    total = sum((Decimal(str(item["base_row_total"])) for item in items), _SHIPPING)
    shipping = {"address": _BUYER, "method": "flatrate_flatrate"}
    return {
        "entity_id": number,
        "quote_id": number,
        "base_currency_code": currency,
        "order_currency_code": currency,
        "base_discount_amount": 0,
        "base_discount_tax_compensation_amount": 0,
        "base_shipping_amount": float(_SHIPPING),
        "base_tax_amount": 0,
        "base_subtotal": float(total - _SHIPPING),
        "base_grand_total": float(total),
        "grand_total": float(total),
        "customer_is_guest": 1,
        "customer_email": _BUYER["email"],
        "is_virtual": 0,
        "shipping_description": "Flat Rate - Fixed",
        "store_name": "Main Website\nMain Store\nDefault Store View",
        "billing_address": _BUYER,
        "payment": {"method": "braintree", "base_amount_authorized": float(total)},
        "items": items,
        "extension_attributes": {"shipping_assignments": [{"shipping": shipping}]},
    }


def _item(number: int, line: Json) -> Json:
    quantity, price = int(str(line.get("quantity", 1))), Decimal(str(line.get("price", "9.90")))
    counts = ("qty_invoiced", "qty_shipped", "qty_canceled", "qty_refunded")
    return {
        "item_id": number,
        "sku": str(line["sku"]),
        "name": str(line["sku"]),
        "product_id": number,
        "product_type": "simple",
        "is_virtual": 0,
        "qty_ordered": quantity,
        **dict.fromkeys(counts, 0),
        "base_price": float(price),
        "base_row_total": float(price * quantity),
        "base_row_total_incl_tax": float(price * quantity),
        "base_tax_amount": 0,
        "base_discount_amount": 0,
    }
