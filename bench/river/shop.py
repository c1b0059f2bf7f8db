"""An invented shop: signed `orders/create` deliveries of 3 to 4 KB, three lines each, always the same."""

import base64
import hashlib
import hmac
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

SLUG, SECRET = "bench-shop", b"bench-webhook-secret"
LINES = 3
SHIPPING = 490  # cents
SITES = ("BER", "LYO", "WAW")
COUNTRIES = (("DE", "Germany"), ("FR", "France"), ("PL", "Poland"), ("NL", "Netherlands"), ("AT", "Austria"))
_FIRST = (
    "Ada",
    "Ben",
    "Cleo",
    "Dora",
    "Emil",
    "Finn",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kaja",
    "Levi",
    "Mila",
)
_LAST = (
    "Adler",
    "Bauer",
    "Conti",
    "Dubois",
    "Evers",
    "Fabre",
    "Gruber",
    "Haas",
    "Ivanova",
    "Jansen",
    "Kowalski",
)
_STREETS = ("Mill Lane", "Harbour Road", "Station Street", "Orchard Way", "Castle Hill", "Meadow Row")
_CITIES = ("Newbridge", "Oldport", "Lakeside", "Ashford", "Millbrook", "Fernhill")
_COLOURS, _THINGS = (
    ("brass", "walnut", "linen", "slate", "ivory"),
    ("lamp", "tray", "cushion", "mug", "shelf"),
)
_BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Delivery(NamedTuple):
    """A webhook as it arrives: header names as on the wire, and the bytes that are signed."""

    headers: dict[str, str]
    body: bytes


def deliveries(first: int, count: int, *, skus: int) -> Iterator[Delivery]:
    """Orders number `first` to `first + count - 1` of a shop with so many SKUs, each told once."""
    return (delivery(number, skus=skus) for number in range(first, first + count))


def delivery(number: int, *, skus: int) -> Delivery:
    """Order `number`, signed. Distinct order, line, webhook and event ids for distinct numbers."""
    body = msgspec.json.encode(order(number, skus=skus))
    signature = base64.b64encode(hmac.digest(SECRET, body, hashlib.sha256)).decode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook",
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": "bench.myshopify.example",
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": webhook_id(number),
        "X-Shopify-Event-Id": f"bench-event-{number}",
        "X-Shopify-Hmac-Sha256": signature,
    }
    return Delivery(headers, body)


def webhook_id(number: int) -> str:
    """The delivery id of order `number`, shaped like a UUID."""
    name = hashlib.sha256(b"%d" % number).hexdigest()
    return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:32]}"


def order(number: int, *, skus: int) -> dict[str, object]:
    """The body. Prices include tax; items, shipping and the total agree to the cent."""
    chance = random.Random(number)
    lines = [_line(number, n, sku, chance) for n, sku in enumerate(chance.sample(range(1, skus + 1), LINES))]
    parts = [line.pop("cents") for line in lines]  # taken out before it is sent
    items, tax = sum(parts), sum(map(_vat_cents, [*parts, SHIPPING]))
    total = items + SHIPPING
    # Seven of ten orders are by somebody who has not bought before.
    buyer = number if chance.random() < 0.7 else chance.randrange(1, number + 1)
    who = _buyer(buyer)
    placed = (_BEGIN + timedelta(seconds=7 * number)).isoformat()
    return {
        "id": 5_000_000_000 + number,
        "admin_graphql_api_id": f"gid://shopify/Order/{5_000_000_000 + number}",
        "app_id": 580_111,
        "name": f"#B{number}",
        "number": number,
        "order_number": 1000 + number,
        "confirmation_number": f"B{number:09}",
        "created_at": placed,
        "processed_at": placed,
        "updated_at": placed,
        "cancelled_at": None,
        "cancel_reason": None,
        "closed_at": None,
        "currency": "EUR",
        "presentment_currency": "EUR",
        "taxes_included": True,
        "test": False,
        "financial_status": "paid",
        "fulfillment_status": None,
        "email": who["email"],
        "contact_email": who["email"],
        "phone": None,
        "customer": {"id": 7_000_000_000 + buyer, "verified_email": True, **who},
        "shipping_address": _address(buyer, who),
        "billing_address": _address(buyer, who),
        "line_items": lines,
        "shipping_lines": [_shipping(number)],
        "discount_codes": [],
        "discount_applications": [],
        "fulfillments": [],
        "refunds": [],
        "note": None,
        "note_attributes": [],
        "payment_gateway_names": ["shopify_payments"],
        "source_name": "web",
        "tags": "",
        "subtotal_price": _euros(items),
        "total_line_items_price": _euros(items),
        "total_discounts": "0.00",
        "total_tax": _euros(tax),
        "total_price": _euros(total),
        "total_price_set": _both(total),
        "current_total_price": _euros(total),
        "total_outstanding": "0.00",
        "total_shipping_price_set": _both(SHIPPING),
        "total_weight": 1800,
    }


def sku_code(number: int) -> str:
    return f"B-{number:05}"


def sku_title(number: int) -> str:
    return f"{_COLOURS[number % 5].title()} {_THINGS[number // 5 % 5]} no. {number}"


def _line(number: int, n: int, sku: int, chance: random.Random) -> dict[str, Any]:
    quantity, cents = chance.choice((1, 1, 1, 2, 3)), 990 + sku % 4000
    return {
        "id": 60_000_000_000 + number * LINES + n,
        "variant_id": 40_000_000_000 + sku,
        "product_id": 30_000_000_000 + sku // 5,
        "sku": sku_code(sku),
        "title": sku_title(sku),
        "name": sku_title(sku),
        "vendor": "Bench",
        "quantity": quantity,
        "current_quantity": quantity,
        "fulfillable_quantity": quantity,
        "fulfillment_status": None,
        "fulfillment_service": "manual",
        "grams": 600,
        "price": _euros(cents),
        "total_discount": "0.00",
        "discount_allocations": [],
        "tax_lines": [_vat(cents * quantity)],
        "requires_shipping": True,
        "taxable": True,
        "gift_card": False,
        "properties": [],
        "cents": cents * quantity,
    }


def _shipping(number: int) -> dict[str, object]:
    return {
        "id": 9_000_000_000 + number,
        "title": "Standard",
        "code": "standard",
        "price": _euros(SHIPPING),
        "discounted_price": _euros(SHIPPING),
        "discount_allocations": [],
        "tax_lines": [_vat(SHIPPING)],
    }


def _buyer(number: int) -> dict[str, object]:
    first, last = _FIRST[number % len(_FIRST)], _LAST[number // 13 % len(_LAST)]
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}.{number}@shopper.example".lower(),
    }


def _address(number: int, who: dict[str, object]) -> dict[str, object]:
    code, country = COUNTRIES[number % len(COUNTRIES)]
    return {
        "first_name": who["first_name"],
        "last_name": who["last_name"],
        "name": f"{who['first_name']} {who['last_name']}",
        "company": None,
        "address1": f"{_STREETS[number % 6]} {1 + number % 180}",
        "address2": None,
        "city": _CITIES[number // 6 % 6],
        "province": None,
        "province_code": None,
        "zip": f"{10_000 + number % 89_999}",
        "country": country,
        "country_code": code,
        "phone": None,
    }


def _vat_cents(gross: int) -> int:
    return gross * 19 // 119


def _vat(gross: int) -> dict[str, object]:
    return {"title": "VAT", "rate": 0.19, "price": _euros(_vat_cents(gross))}


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _both(cents: int) -> dict[str, object]:
    money = {"amount": _euros(cents), "currency_code": "EUR"}
    return {"shop_money": money, "presentment_money": money}
