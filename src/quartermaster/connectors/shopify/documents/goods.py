"""What a shop offers: how much of it, at what price."""

from typing import Final

SHOP: Final = """
query Shop {
  shop { currencyCode }
  locations(first: 50) { nodes { id name isActive fulfillsOnlineOrders } pageInfo { hasNextPage } }
}
"""
_VARIANT: Final = """
fragment Offered on ProductVariant {
  id sku title barcode price compareAtPrice
  product { id title status }
  inventoryItem {
    id tracked
    measurement { weight { unit value } }
    inventoryLevel(locationId: $location) { quantities(names: ["available"]) { name quantity } }
  }
}
"""
ALL: Final = (
    """
query Variants($first: Int!, $query: String!, $location: ID!) {
  shop { currencyCode }
  productVariants(first: $first, query: $query, sortKey: ID) {
    nodes { ...Offered }
    pageInfo { hasNextPage }
  }
}
"""
    + _VARIANT
)
THESE: Final = (
    """
query TheseVariants($ids: [ID!]!, $location: ID!) {
  shop { currencyCode }
  nodes(ids: $ids) { __typename ... on ProductVariant { ...Offered } }
}
"""
    + _VARIANT
)
SET_STOCK: Final = """
mutation SetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id }
    userErrors { code field message }
  }
}
"""
SET_PRICES: Final = """
mutation SetPrices($product: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $product, variants: $variants, allowPartialUpdates: true) {
    productVariants { id }
    userErrors { code field message }
  }
}
"""


def gathered(location: str) -> str:
    """The document of a bulk operation over everything that is for sale, without variables and fragments."""
    fields = _VARIANT[_VARIANT.index("{") + 1 : _VARIANT.rindex("}")].replace("$location", f'"{location}"')
    return " ".join(f"{{ productVariants {{ edges {{ node {{ {fields} }} }} }} }}".split())
