"""An order's parcels, and what of it is still to be sent from where."""

from typing import Final

ORDER: Final = """
query OrderToShip($id: ID!) {
  order(id: $id) {
    id statusPageUrl
    fulfillments(first: 250) {
      legacyResourceId status
      trackingInfo(first: 10) { number url }
      fulfillmentLineItems(first: 250) { nodes { quantity lineItem { id } } }
    }
    fulfillmentOrders(first: 50) {
      nodes {
        id status
        supportedActions { action }
        assignedLocation { name location { id } }
        lineItems(first: 250) { nodes { id remainingQuantity lineItem { id } } }
      }
    }
  }
}
"""
CREATE: Final = """
mutation CreateFulfillment($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { legacyResourceId status }
    userErrors { field message }
  }
}
"""
