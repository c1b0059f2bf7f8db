"""Units taken off an order that is otherwise sent."""

from typing import Final

ORDER: Final = """
query OrderToEdit($id: ID!) {
  order(id: $id) {
    id cancelledAt
    lineItems(first: 250) { nodes { id quantity currentQuantity unfulfilledQuantity } }
    metafield(namespace: "quartermaster", key: "cancelled") { value compareDigest }
  }
}
"""
KEEP: Final = """
mutation KeepWish($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { metafields { id } userErrors { code field message } }
}
"""
BEGIN: Final = """
mutation BeginEdit($id: ID!) {
  orderEditBegin(id: $id) {
    calculatedOrder { id lineItems(first: 250) { nodes { id quantity editableQuantity } } }
    userErrors { field message }
  }
}
"""
SET_LINE: Final = """
mutation SetLine($id: ID!, $line: ID!, $quantity: Int!, $restock: Boolean!) {
  orderEditSetQuantity(id: $id, lineItemId: $line, quantity: $quantity, restock: $restock) {
    calculatedLineItem { id quantity }
    userErrors { field message }
  }
}
"""
COMMIT: Final = """
mutation CommitEdit($id: ID!, $notify: Boolean!, $note: String!) {
  orderEditCommit(id: $id, notifyCustomer: $notify, staffNote: $note) {
    order { id }
    userErrors { field message }
  }
}
"""
