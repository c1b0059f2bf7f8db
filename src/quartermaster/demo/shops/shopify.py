"""An order in Shopify's words. Prices include tax."""

from typing import Any

from quartermaster.demo.company.sales import VAT, Address, Bought, Buyer, Change, Sale, shares, tax_in
from quartermaster.demo.company.shops import Shop

_FIRST_ID = 5_400_000_000


def order(sale: Sale, shop: Shop, change: Change | None) -> tuple[str, dict[str, Any]]:
    """Topic and body."""
    order_id = external_id(sale)
    placed = sale.placed_at.isoformat()
    short = min(1200, sale.total_minor) if sale.payment == "short" else 0
    open_minor = sale.total_minor if sale.payment == "pending" else short
    is_cancelled = change is not None and change.is_cancelled
    body = {
        "id": order_id,
        "name": f"#{shop.first_number + sale.number}",
        "order_number": shop.first_number + sale.number,
        "created_at": placed,
        "processed_at": placed,
        "updated_at": (change.at if change else sale.placed_at).isoformat(),
        "cancelled_at": change.at.isoformat() if change and is_cancelled else None,
        "cancel_reason": "customer" if is_cancelled else None,
        "currency": "EUR",
        "presentment_currency": "EUR",
        "taxes_included": True,
        "test": False,
        "financial_status": _financial(sale, change),
        "fulfillment_status": None,
        "email": sale.buyer.email,
        "customer": {"id": 7_100_000_000 + sale.buyer.number, **_person(sale.buyer)},
        "shipping_address": _address(sale.address, sale.buyer, change),
        "billing_address": _address(sale.address, sale.buyer, change),
        "line_items": _lines(sale, order_id, change),
        "shipping_lines": [_shipping(sale, order_id)],
        "discount_codes": [{"code": "LIGHT10", "amount": _euros(sale.discount_minor), "type": "percentage"}]
        if sale.discount_minor
        else [],
        "fulfillments": [],
        "refunds": _refunds(sale, order_id, change),
        "note": sale.note or None,
        "tags": "",
        "payment_gateway_names": ["shopify_payments"],
        "source_name": "web",
        "total_line_items_price": _euros(sale.items_minor),
        "total_discounts": _euros(sale.discount_minor),
        "subtotal_price": _euros(sale.items_minor - sale.discount_minor),
        "total_tax": _euros(tax_in(sale.total_minor)),
        "total_price": _euros(sale.total_minor),
        "current_total_price": _euros(sale.total_minor - sum(_given_back(sale, change).values())),
        "total_outstanding": _euros(open_minor),
    }
    topic = "orders/create" if change is None else "orders/cancelled" if is_cancelled else "orders/updated"
    return topic, body


def external_id(sale: Sale) -> int:
    """The order's id at the shop, which no two of its orders share."""
    return _FIRST_ID + sale.number


def _financial(sale: Sale, change: Change | None) -> str:
    if change and change.taken:
        return "partially_refunded"
    return {"paid": "paid", "pending": "pending", "short": "partially_paid"}[sale.payment]


def _lines(sale: Sale, order_id: int, change: Change | None) -> list[dict[str, Any]]:
    taken = change.taken if change else {}
    gone = bool(change and change.is_cancelled)
    off = shares(sale.discount_minor, [line.gross_minor for line in sale.lines])
    return [
        _line(line, order_id * 10 + n, off[n], taken.get(n, 0), gone) for n, line in enumerate(sale.lines)
    ]


def _line(line: Bought, line_id: int, off: int, taken: int, gone: bool) -> dict[str, Any]:
    left = line.quantity - taken
    return {
        "id": line_id,
        "sku": line.code,
        "title": line.title,
        "name": line.title,
        "quantity": line.quantity,
        "current_quantity": left,
        "fulfillable_quantity": 0 if gone else left,
        "fulfillment_status": None,
        "price": _euros(line.unit_minor),
        "total_discount": "0.00",
        "discount_allocations": [{"amount": _euros(off), "discount_application_index": 0}] if off else [],
        "tax_lines": [{"title": "VAT", "rate": VAT / 100, "price": _euros(tax_in(line.gross_minor - off))}],
        "requires_shipping": True,
        "taxable": True,
        "gift_card": False,
        "variant_id": 41_000_000_000 + line_id % 9_000_000,
        "product_id": 31_000_000_000 + line_id % 900_000,
    }


def _shipping(sale: Sale, order_id: int) -> dict[str, Any]:
    return {
        "id": order_id + 1,
        "title": "Standard",
        "code": "standard",
        "price": _euros(sale.shipping_minor),
        "discount_allocations": [],
        "tax_lines": [{"title": "VAT", "rate": VAT / 100, "price": _euros(tax_in(sale.shipping_minor))}],
    }


def _refunds(sale: Sale, order_id: int, change: Change | None) -> list[dict[str, Any]]:
    if change is None or not change.taken:
        return []
    amounts = _given_back(sale, change)
    return [
        {
            "id": order_id * 100,
            "order_id": order_id,
            "created_at": change.at.isoformat(),
            "note": "Changed their mind",
            "refund_line_items": [
                {
                    "id": order_id * 100 + n,
                    "line_item_id": order_id * 10 + n,
                    "quantity": units,
                    "restock_type": "cancel",
                    "subtotal": amounts[n] / 100,
                    "total_tax": tax_in(amounts[n]) / 100,
                }
                for n, units in change.taken.items()
            ],
            "transactions": [
                {
                    "id": order_id * 100,
                    "kind": "refund",
                    "status": "success",
                    "amount": _euros(sum(amounts.values())),
                    "currency": "EUR",
                }
            ],
            "order_adjustments": [],
        }
    ]


def _given_back(sale: Sale, change: Change | None) -> dict[int, int]:
    """Line -> cents that its units taken off were worth, after their share of the discount."""
    off = shares(sale.discount_minor, [line.gross_minor for line in sale.lines])
    taken = change.taken if change else {}
    return {
        n: (sale.lines[n].gross_minor - off[n]) * units // sale.lines[n].quantity
        for n, units in taken.items()
    }


def _person(buyer: Buyer) -> dict[str, str]:
    return {"first_name": buyer.first, "last_name": buyer.last, "email": buyer.email}


def _address(address: Address | None, buyer: Buyer, change: Change | None) -> dict[str, Any] | None:
    if address is None:
        return None
    return {
        "first_name": buyer.first,
        "last_name": buyer.last,
        "name": buyer.name,
        "address1": (change.street if change else "") or address.street,
        "address2": None,
        "city": address.city,
        "province_code": address.region or None,
        "zip": address.postcode,
        "country": address.country,
        "country_code": address.country,
        "phone": None,
    }


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
