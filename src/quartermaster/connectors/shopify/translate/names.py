"""Shopify's words in GraphQL, and what the same thing is called in its webhooks. Pure."""

from collections.abc import Mapping
from typing import Final

# webhook -> GraphQL, the same values
AS_THEY_ARE: Final = {
    "name": "name",
    "created_at": "createdAt",
    "processed_at": "processedAt",
    "updated_at": "updatedAt",
    "cancelled_at": "cancelledAt",
    "taxes_included": "taxesIncluded",
    "test": "test",
    "email": "email",
    "phone": "phone",
    "note": "note",
    "tags": "tags",
    "source_name": "sourceName",
    "po_number": "poNumber",
}
# webhook -> GraphQL, amounts in the shop's currency
AMOUNTS: Final = {
    "total_price": "totalPriceSet",
    "current_total_price": "currentTotalPriceSet",
    "total_outstanding": "totalOutstandingSet",
    "total_discounts": "totalDiscountsSet",
    "total_tax": "totalTaxSet",
    "total_tip_received": "totalTipReceivedSet",
}
PLACE: Final = {
    "first_name": "firstName",
    "last_name": "lastName",
    "name": "name",
    "company": "company",
    "address1": "address1",
    "address2": "address2",
    "city": "city",
    "province": "province",
    "province_code": "provinceCode",
    "zip": "zip",
    "country": "country",
    "country_code": "countryCodeV2",
    "phone": "phone",
    "latitude": "latitude",
    "longitude": "longitude",
}
SENT: Final = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial", "RESTOCKED": "restocked"}
REASON: Final = {
    "REFUND_DISCREPANCY": "Refund discrepancy",
    "PENDING_REFUND_DISCREPANCY": "Pending refund discrepancy",
    "FULL_RETURN_BALANCING_ADJUSTMENT": "Full return balancing adjustment",
    "CUSTOMER": "Customer",
    "DAMAGE": "Damage",
    "RESTOCK": "Restock",
}


def number(gid: object) -> str | None:
    """gid://shopify/LineItem/17 is 17 in a webhook."""
    return gid.rpartition("/")[2].partition("?")[0] if isinstance(gid, str) else None


def gid(kind: str, number: str) -> str:
    return f"gid://shopify/{kind}/{number}"


def lower(word: object) -> str | None:
    return word.lower() if isinstance(word, str) else None


def code_type(applied: Mapping[str, object]) -> str:
    """What kind of discount a code gave, as webhooks say it."""
    if applied.get("targetType") == "SHIPPING_LINE":
        return "shipping"
    value = applied.get("value")
    is_share = isinstance(value, dict) and value.get("__typename") == "PricingPercentageValue"
    return "percentage" if is_share else "fixed_amount"
