"""An order in WooCommerce's words. Its amounts are without tax, with the tax beside them."""

from typing import Any

from quartermaster.demo.company.sales import Address, Bought, Buyer, Change, Sale, shares, tax_in
from quartermaster.demo.company.shops import Shop

_FIRST_ID = 81_000


def order(sale: Sale, shop: Shop, change: Change | None) -> tuple[str, dict[str, Any]]:
    """Topic and body."""
    off = shares(sale.discount_minor, [line.gross_minor for line in sale.lines])
    lines = [_line(line, n, off[n]) for n, line in enumerate(sale.lines)]
    placed, changed = _moment(sale.placed_at), _moment(change.at if change else sale.placed_at)
    is_cancelled = change is not None and change.is_cancelled
    shipping_tax = tax_in(sale.shipping_minor)
    tax = sum(int(line.pop("tax_minor")) for line in lines) + shipping_tax
    address = _address(sale.address, sale.buyer, change)
    body = {
        "id": external_id(sale),
        "number": str(shop.first_number + sale.number),
        "status": "cancelled" if is_cancelled else "pending" if sale.payment == "pending" else "processing",
        "currency": "EUR",
        "prices_include_tax": True,
        "date_created_gmt": placed,
        "date_modified_gmt": changed,
        "date_paid_gmt": None if sale.payment == "pending" else placed,
        "discount_total": _euros(sale.discount_minor - sum(map(tax_in, off))),
        "shipping_total": _euros(sale.shipping_minor - shipping_tax),
        "shipping_tax": _euros(shipping_tax),
        "total": _euros(sale.total_minor),
        "total_tax": _euros(tax),
        "customer_id": 300_000 + sale.buyer.number,
        "customer_note": sale.note,
        "billing": {**(address or {}), "email": sale.buyer.email, "phone": ""},
        "shipping": address,
        "payment_method": "woocommerce_payments",
        "payment_method_title": "Card",
        "transaction_id": f"ch_{external_id(sale)}",
        "created_via": "checkout",
        "line_items": lines,
        "shipping_lines": [
            {
                "id": 1,
                "method_title": "Standard",
                "total": _euros(sale.shipping_minor - shipping_tax),
                "total_tax": _euros(shipping_tax),
            }
        ],
        "fee_lines": [],
        "coupon_lines": [{"code": "light10", "discount": _euros(sale.discount_minor - sum(map(tax_in, off)))}]
        if sale.discount_minor
        else [],
        "refunds": [],
    }
    return "order.created" if change is None else "order.updated", body


def external_id(sale: Sale) -> int:
    """The order's id at the shop, which no two of its orders share."""
    return _FIRST_ID + sale.number


def _line(line: Bought, place: int, off: int) -> dict[str, Any]:
    before, after = line.gross_minor, line.gross_minor - off
    tax = tax_in(after)
    net = after - tax
    return {
        "id": place + 1,
        "name": line.title,
        "sku": line.code,
        "product_id": 900 + place,
        "variation_id": 0,
        "quantity": line.quantity,
        "subtotal": _euros(before - tax_in(before) if off else net),
        "total": _euros(net),
        "total_tax": _euros(tax),
        "tax_minor": tax,  # for the sum, not told
    }


def _address(address: Address | None, buyer: Buyer, change: Change | None) -> dict[str, Any] | None:
    if address is None:
        return None
    return {
        "first_name": buyer.first,
        "last_name": buyer.last,
        "company": "",
        "address_1": (change.street if change else "") or address.street,
        "address_2": "",
        "city": address.city,
        "state": address.region,
        "postcode": address.postcode,
        "country": address.country,
    }


def _moment(at: Any) -> str:
    return str(at.strftime("%Y-%m-%dT%H:%M:%S"))


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
