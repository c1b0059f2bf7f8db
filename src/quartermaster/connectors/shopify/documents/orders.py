"""Orders as they are now, with all that their webhooks tell.

Lists inside an order are read up to the numbers here; of lines the rest is asked for. What Shopify counts
for a list grows far slower than its length, so long ones cost little.
"""

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
_ORDER: Final = """
fragment Whole on Order {
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
  lineItems(first: 50) { nodes { ...Line } pageInfo { hasNextPage endCursor } }
  shippingLines(first: 10, includeRemovals: true) {
    nodes {
      title code isRemoved originalPriceSet { ...Shop } discountedPriceSet { ...Shop }
      discountAllocations { ...Allocated } taxLines { ...Tax }
    }
    pageInfo { hasNextPage }
  }
  taxLines { ...Tax }
  discountApplications(first: 20) {
    nodes {
      __typename index targetType value { __typename }
      ... on DiscountCodeApplication { code }
    }
    pageInfo { hasNextPage }
  }
  fulfillments(first: 50) { ...Sent }
  refunds(first: 50) { ...GivenBack }
  customer {
    id firstName lastName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber }
  }
  email phone
  shippingAddress { ...Place }
  billingAddress { ...Place }
  note customAttributes { key value } tags sourceName poNumber
}
"""
CHANGED: Final = (
    """
query ChangedOrders($first: Int!, $after: String, $query: String!) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { ...Whole }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _ORDER
    + _LINE
    + _SENT
    + _GIVEN_BACK
    + _MONEY
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
