"""Orders that are not to be sent, and money that goes back."""

from typing import Final

TO_CANCEL: Final = """
query OrderToCancel($id: ID!) {
  order(id: $id) { id cancelledAt fulfillments(first: 250) { status } }
}
"""
CANCEL: Final = """
mutation CancelOrder(
  $id: ID!, $reason: OrderCancelReason!, $restock: Boolean!, $notify: Boolean!, $note: String!
) {
  orderCancel(orderId: $id, reason: $reason, restock: $restock, notifyCustomer: $notify, staffNote: $note) {
    job { id done }
    orderCancelUserErrors { code field message }
  }
}
"""
TO_REFUND: Final = """
query OrderToRefund($id: ID!) {
  order(id: $id) {
    id
    lineItems(first: 250) { nodes { id refundableQuantity } }
    refunds(first: 250) { legacyResourceId note transactions(first: 20) { nodes { status } } }
    transactions(first: 100) {
      id kind status gateway maximumRefundableV2 { amount currencyCode }
    }
  }
}
"""
REFUND: Final = """
mutation CreateRefund($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { legacyResourceId note transactions(first: 20) { nodes { status } } }
    userErrors { field message }
  }
}
"""
