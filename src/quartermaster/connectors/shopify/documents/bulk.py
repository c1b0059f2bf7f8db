"""Operations that Shopify works off by itself, and leaves a file of."""

from typing import Final

COUNT: Final = """
query OrdersCount($query: String!, $limit: Int!) { ordersCount(query: $query, limit: $limit) { count } }
"""
COUNT_OFFERS: Final = """
query OffersCount($limit: Int!) { productVariantsCount(limit: $limit) { count } }
"""
RUN: Final = """
mutation RunBulk($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { id }
    userErrors { code field message }
  }
}
"""
STATE: Final = """
query BulkState($id: ID!) {
  shop { currencyCode }
  bulkOperation(id: $id) { id status createdAt rootObjectCount fileSize url partialDataUrl }
}
"""
UNDER_WAY: Final = """
query BulkUnderWay {
  bulkOperations(first: 20, query: "operation_type:query") { nodes { id status query } }
}
"""
CANCEL: Final = """
mutation CancelBulk($id: ID!) {
  bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { field message } }
}
"""
