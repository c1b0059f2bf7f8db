"""Listings by the seller's own SKU: Flipkart's name for what is written to is its product beside it. Pure.

A listing's name here is the SKU itself: it is what Flipkart is asked by, and it never changes for a listing.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from quartermaster.channels.ports import Count, Listing, Price, Taken
from quartermaster.connectors.leaves import counted, identity, whole
from quartermaster.connectors.picked import objects, text
from quartermaster.core.money import BadAmount, to_minor

ROWS_MAX: Final = 10  # SKUs of one call
CURRENCY: Final = "INR"

type Json = Mapping[str, object]


def skus(answer: Json) -> list[str]:
    """Of a page of the search. Raises ValueError when it is none."""
    found = answer.get("listings")
    rows = [found] if isinstance(found, dict) else objects(found)  # the document says one, the server a list
    if not isinstance(found, list | dict):
        raise ValueError("no listings in it")
    return [sku for row in rows if (sku := identity(row.get("sku_id")))]


def known(answer: Json) -> dict[str, Json]:
    """SKU -> what Flipkart has of it. Raises ValueError."""
    found = answer.get("available")
    if not isinstance(found, dict):
        raise ValueError("it does not say what is available")
    return {sku: one for sku, one in found.items() if isinstance(one, dict)}


def listing(sku: str, one: Json, location: str) -> Listing:
    prices = one.get("price")
    price = (
        prices.get("selling_price", prices.get("flipkart_selling_price"))
        if isinstance(prices, dict)
        else None
    )
    minor = _minor(price)
    return Listing(
        name=sku,
        code=sku,
        title=text(one.get("product_title")),
        quantity=_quantity(one, location),
        price_minor=minor,
        currency=CURRENCY if minor is not None else "",
        is_live=text(one.get("listing_status")).upper() == "ACTIVE",
    )


def stock_body(counts: Sequence[Count], have: Mapping[str, Json], location: str) -> dict[str, object]:
    return {
        each.listing: {
            "product_id": text(have[each.listing].get("product_id")),
            "locations": [{"id": location, "status": "ENABLED", "inventory": each.quantity}],
        }
        for each in counts
    }


def price_body(prices: Sequence[Price], have: Mapping[str, Json]) -> dict[str, object]:
    return {
        each.listing: {
            "product_id": text(have[each.listing].get("product_id")),
            "price": {
                "mrp": mrp(have[each.listing]),
                "selling_price": each.price_minor // 100,
                "currency": CURRENCY,
            },
        }
        for each in prices
    }


def mrp(one: Json) -> int:
    """The price printed on it, in whole rupees; 0 when Flipkart does not say. It is written back as it is."""
    prices = one.get("price")
    return counted(prices.get("mrp")) if isinstance(prices, dict) else 0


def refusal(price: Price, one: Json) -> str:
    """Why this price cannot be asked for; "" when it can."""
    if price.currency != CURRENCY:
        return f"Flipkart sells in {CURRENCY}, not in {price.currency}"
    if price.was_minor is not None:
        return "Flipkart shows the maximum retail price that is printed on it, and no price it had before"
    if price.price_minor % 100:
        return "Flipkart takes whole rupees only"
    if not mrp(one):
        return "Flipkart does not say its maximum retail price, which has to be sent with a price"
    if price.price_minor > mrp(one) * 100:
        return f"more than its maximum retail price of {mrp(one)} rupees"
    return ""


def taken(sku: str, answer: Json, quantity: int | None = None) -> Taken | None:
    """What became of one row; None when Flipkart says nothing about it. Flipkart writes later: what it takes
    is accepted, and read back."""
    said = answer.get(sku)
    if not isinstance(said, dict):
        return None
    status = text(said.get("status")).upper()
    wrong = [*objects(said.get("errors")), *objects(said.get("attribute_errors"))]
    because = "; ".join(filter(None, (text(each.get("description")) for each in wrong)))
    if status in ("SUCCESS", "WARNING"):
        return Taken(sku, "accepted", because, quantity)
    if status == "FAILURE":
        return Taken(sku, "refused", because or "Flipkart does not say why")
    return None


def _quantity(one: Json, location: str) -> int | None:
    """At the location of this account; None where Flipkart does not count it there."""
    for place in objects(one.get("locations")):
        if text(place.get("id")) == location:
            return whole(place.get("inventory"))
    return None


def _minor(value: object) -> int | None:
    try:
        return to_minor(value, CURRENCY) if isinstance(value, int | Decimal | str) else None
    except BadAmount:
        return None
