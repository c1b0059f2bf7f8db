"""Offers as Shopify shows them, and rows of stock and prices as it takes them. Pure.

A variant has the price and its inventory item the stock, for each location: the name of a listing holds what
both writes need.
"""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from quartermaster.channels.ports import Content, ContentField, Count, Listing, Price, Taken
from quartermaster.connectors.amounts import Amounts, decimal_of
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.translate import names
from quartermaster.connectors.shopify.translate.fetched import inside

_GRAMS: Final = {
    "GRAMS": Decimal(1),
    "KILOGRAMS": Decimal(1000),
    "OUNCES": Decimal("28.349523125"),
    "POUNDS": Decimal("453.59237"),
}
_ONLY: Final = "Default Title"  # how a product without variants calls its one variant
_MISSING: Final = {"INVALID_INVENTORY_ITEM", "PRODUCT_DOES_NOT_EXIST", "PRODUCT_VARIANT_DOES_NOT_EXIST"}
FIELDS: Final[tuple[ContentField, ...]] = ("title", "barcode", "weight_g")
_STALE: Final = {"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"}

type Json = Mapping[str, object]


class Name(NamedTuple):
    """PRODUCT/VARIANT/ITEM, in Shopify's own numbers."""

    product: str
    variant: str
    item: str


def name_of(listing: str) -> Name | None:
    parts = listing.split("/")
    return Name(*parts) if len(parts) == 3 and all(part.isdecimal() for part in parts) else None


def listing(variant: Json, currency: str) -> Listing:
    product, item = inside(variant, "product"), inside(variant, "inventoryItem")
    ids = (variant.get("id"), item.get("id"))
    name = "/".join(text(names.number(one)) for one in (product.get("id"), *ids))
    title = text(variant.get("title"))
    price, was = (_minor(variant.get(name), currency) for name in ("price", "compareAtPrice"))
    return Listing(
        name=name,
        code=text(variant.get("sku")),
        title=text(product.get("title")) + ("" if title in ("", _ONLY) else f" – {title}"),
        quantity=_available(item) if item.get("tracked") else None,
        price_minor=price,
        currency="" if price is None else currency,
        barcode=text(variant.get("barcode")),
        weight_g=_weight_g(inside(inside(item, "measurement"), "weight")),
        is_live=product.get("status") == "ACTIVE",
        was_minor=was if price is not None and was is not None and was > price else None,
    )


def _minor(amount: object, currency: str) -> int | None:
    return None if amount is None else Amounts(currency, []).minor(text(amount), "price")


def _available(item: Json) -> int:
    """What can be sold at the location we tell of; nothing where it is not stocked there."""
    for one in objects(inside(item, "inventoryLevel").get("quantities")):
        quantity = one.get("quantity")
        if one.get("name") == "available" and isinstance(quantity, int):
            return quantity
    return 0


def _weight_g(weight: Json) -> int | None:
    factor, value = _GRAMS.get(text(weight.get("unit"))), weight.get("value")
    if factor is None or not isinstance(value, int | Decimal) or value <= 0:
        return None
    return max(1, round(factor * value))


def quantities(counts: Sequence[Count], location: str, key: str) -> dict[str, object]:
    """The input of inventorySetQuantities. A comparison that is not wanted has to be said to be null."""
    rows = []
    for count in counts:
        name = name_of(count.listing)
        rows.append(
            {
                "inventoryItemId": names.gid("InventoryItem", name.item if name else "0"),
                "locationId": location,
                "quantity": count.quantity,
                "changeFromQuantity": count.expected,
            }
        )
    document = f"gid://quartermaster/StockTold/{digest(key)}"
    return {
        "name": "available",
        "reason": "correction",
        "referenceDocumentUri": document,
        "quantities": rows,
    }


def digest(*parts: object) -> str:
    """A key of 32 characters: the same for the same parts, and for no others."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:32]


def price_rows(prices: Sequence[Price]) -> list[dict[str, object]]:
    """What it was compared at before stays where nothing is said of it; null takes it away."""
    rows: list[dict[str, object]] = []
    for price in prices:
        name = name_of(price.listing)
        row = {
            "id": names.gid("ProductVariant", name.variant if name else "0"),
            "price": str(decimal_of(price.price_minor, price.currency)),
        }
        was = None if price.was_minor is None else str(decimal_of(price.was_minor, price.currency))
        rows.append(row | ({"compareAtPrice": was} if price.sets_was else {}))
    return rows


def content_rows(contents: Sequence[Content]) -> list[dict[str, object]]:
    """Barcodes or weights of variants of one product."""
    rows: list[dict[str, object]] = []
    for row in contents:
        name = name_of(row.listing)
        gid = names.gid("ProductVariant", name.variant if name else "0")
        if row.field == "barcode":
            rows.append({"id": gid, "barcode": row.text})
        else:
            weight = {"unit": "GRAMS", "value": int(row.text)}
            rows.append({"id": gid, "inventoryItem": {"measurement": {"weight": weight}}})
    return rows


def refusals(payload: Json, rows: Sequence[str], at: str) -> dict[int, Taken]:
    """Row -> what Shopify will not have of it. An error that names no row is one of every row.

    `rows`: their listings. `at`: what the list is called in an error's field."""
    found: dict[int, Taken] = {}
    for wrong in objects(payload.get("userErrors")):
        row = _row(wrong.get("field"), at)
        for n in range(len(rows)) if row is None or row >= len(rows) else [row]:
            found.setdefault(n, _refused(rows[n], wrong))
    return found


def _row(field: object, at: str) -> int | None:
    path = [text(step) for step in field] if isinstance(field, list) else []
    behind = path[path.index(at) + 1 :] if at in path else []
    return int(behind[0]) if behind and behind[0].isdecimal() else None


def _refused(listing: str, wrong: Json) -> Taken:
    code, because = text(wrong.get("code")), f"Shopify: {text(wrong.get('message'))}"[:300]
    if code in _STALE:
        return Taken(listing, "stale", because)
    return Taken(listing, "missing" if code in _MISSING else "refused", because)


def codes(payload: Json) -> set[str]:
    return {text(wrong.get("code")) for wrong in objects(payload.get("userErrors"))}
