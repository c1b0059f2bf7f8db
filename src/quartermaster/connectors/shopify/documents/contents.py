"""What a shop's listings say."""

from typing import Final

PRODUCTS: Final = """
query Products($ids: [ID!]!) {
  nodes(ids: $ids) { __typename ... on Product { id hasOnlyDefaultVariant } }
}
"""
SET_TITLE: Final = """
mutation SetTitle($product: ProductUpdateInput!) {
  productUpdate(product: $product) {
    product { id title }
    userErrors { field message }
  }
}
"""
SET_VARIANTS: Final = """
mutation SetVariants($product: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $product, variants: $variants, allowPartialUpdates: true) {
    productVariants { id }
    userErrors { code field message }
  }
}
"""
