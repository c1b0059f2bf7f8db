"""Orders as they are now, with all that their webhooks tell.

Lists inside an order are read up to the numbers here; of lines the rest is asked for. What Shopify counts
for a list grows far slower than its length, so long ones cost little.
"""

import re
from typing import Final

_MONEY: Final = """
fragment Shop on MoneyBag { shopMoney { amount currencyCode } }
fragment Both on MoneyBag {
  shopMoney { amount currencyCode } presentmentMoney { amount currencyCode }
}
fragment Tax on TaxLine { title rate priceSet { ...Shop } }
fragment Allocated on DiscountAllocation {
  allocatedAmountSet { ...Shop } discountApplication { __typename index }
}
fragment Place on MailingAddress {
  firstName lastName name company address1 address2 city zip province provinceCode country countryCodeV2
  phone latitude longitude
}
"""
_LINE: Final = """
fragment Line on LineItem {
  id sku title name quantity currentQuantity unfulfilledQuantity requiresShipping isGiftCard
  variant { id } product { id }
  originalUnitPriceSet { ...Shop }
  totalDiscountSet { ...Shop }
  discountAllocations { ...Allocated }
  taxLines { ...Tax }
}
"""
_SENT: Final = """
fragment Sent on Fulfillment {
  id status
  fulfillmentLineItems(first: 250) { nodes { quantity lineItem { id } } pageInfo { hasNextPage } }
}
"""
_GIVEN_BACK: Final = """
fragment GivenBack on Refund {
  id createdAt processedAt note
  refundLineItems(first: 100) {
    nodes { quantity restockType lineItem { id } subtotalSet { ...Shop } totalTaxSet { ...Shop } }
    pageInfo { hasNextPage }
  }
  refundShippingLines(first: 10) {
    nodes { subtotalAmountSet { ...Shop } taxAmountSet { ...Shop } } pageInfo { hasNextPage }
  }
  orderAdjustments(first: 10) {
    nodes { reason amountSet { ...Shop } taxAmountSet { ...Shop } } pageInfo { hasNextPage }
  }
  transactions(first: 20) { nodes { kind status amountSet { ...Both } } pageInfo { hasNextPage } }
  duties { amountSet { ...Shop } }
}
"""
# Without lists that come in pages: what is left is the same wherever an order is asked for.
_FIELDS: Final = """
  id name number createdAt processedAt updatedAt cancelledAt cancelReason
  currencyCode presentmentCurrencyCode taxesIncluded test
  displayFinancialStatus displayFulfillmentStatus paymentGatewayNames
  totalPriceSet { ...Both }
  currentTotalPriceSet { ...Shop }
  totalOutstandingSet { ...Shop }
  totalDiscountsSet { ...Shop }
  totalTaxSet { ...Shop }
  totalTipReceivedSet { ...Shop }
  totalShippingPriceSet { ...Shop }
  originalTotalDutiesSet { ...Shop }
  originalTotalAdditionalFeesSet { ...Shop }
  totalCashRoundingAdjustment { paymentSet { ...Shop } }
  taxLines { ...Tax }
  customer {
    id firstName lastName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber }
  }
  email phone
  shippingAddress { ...Place }
  billingAddress { ...Place }
  note customAttributes { key value } tags sourceName poNumber
"""
_SHIPPING: Final = """
      title code isRemoved originalPriceSet { ...Shop } discountedPriceSet { ...Shop }
      discountAllocations { ...Allocated } taxLines { ...Tax }
"""
_DISCOUNT: Final = """
      __typename index targetType value { __typename }
      ... on DiscountCodeApplication { code }
"""
_ORDER: Final = (
    "fragment Whole on Order {"
    + _FIELDS
    + """
  lineItems(first: 50) { nodes { ...Line } pageInfo { hasNextPage endCursor } }
  shippingLines(first: 10, includeRemovals: true) {
    nodes {"""
    + _SHIPPING
    + """    }
    pageInfo { hasNextPage }
  }
  discountApplications(first: 20) {
    nodes {"""
    + _DISCOUNT
    + """    }
    pageInfo { hasNextPage }
  }
  fulfillments(first: 50) { ...Sent }
  refunds(first: 50) { ...GivenBack }
}
"""
)
_FRAGMENTS: Final = _ORDER + _LINE + _SENT + _GIVEN_BACK + _MONEY
CHANGED: Final = (
    """
query ChangedOrders($first: Int!, $after: String, $query: String!) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { ...Whole }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _FRAGMENTS
)
THESE: Final = (
    """
query TheseOrders($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Order { ...Whole } } }
"""
    + _FRAGMENTS
)
MORE_LINES: Final = (
    """
query MoreLines($id: ID!, $after: String!) {
  order(id: $id) {
    lineItems(first: 250, after: $after) { nodes { ...Line } pageInfo { hasNextPage endCursor } }
  }
}
"""
    + _LINE
    + """
fragment Shop on MoneyBag { shopMoney { amount currencyCode } }
fragment Tax on TaxLine { title rate priceSet { ...Shop } }
fragment Allocated on DiscountAllocation {
  allocatedAmountSet { ...Shop } discountApplication { __typename index }
}
"""
)

# What Shopify gathers by itself: no list in pages may stand in a list without them, so of what was sent and
# given back only that there is some. Lists in pages come on lines of their own, whatever their length.
_GATHERED: Final = (
    """
        subtotalLineItemsQuantity
        lineItems { edges { node { __typename ...Line } } }
        shippingLines(includeRemovals: true) { edges { node { __typename"""
    + _SHIPPING
    + """        } } }
        discountApplications { edges { node {"""
    + _DISCOUNT
    + """        } } }
        fulfillments(first: 50) { id status totalQuantity }
        refunds(first: 50) { id }
"""
)
_SPREAD: Final = re.compile(r"\.\.\.(\w+)")


def gathered(query: str) -> str:
    """The document of a bulk operation over the orders a search finds. Without variables and fragments,
    which it does not take."""
    bodies = {}
    for part in (_LINE + _MONEY).split("fragment ")[1:]:
        name, _, rest = part.partition(" on ")
        bodies[name] = rest[rest.index("{") + 1 : rest.rindex("}")]
    told = f'{{ orders(query: "{query}") {{ edges {{ node {{ {_FIELDS} {_GATHERED} }} }} }} }}'
    while _SPREAD.search(told):
        told = _SPREAD.sub(lambda found: bodies[found[1]].strip(), told)
    return " ".join(told.split())
