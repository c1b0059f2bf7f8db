"""Reads of orders: the document everybody is shown, and the lists it is found in."""

from quartermaster.orders.queries.changes import possible_changes, stages
from quartermaster.orders.queries.documents import (
    AddressShown,
    AdjustmentShown,
    Amount,
    HoldShown,
    LineShown,
    OrderShown,
    Person,
    Totals,
    documents,
)
from quartermaster.orders.queries.lists import document, order_id, page

__all__ = [
    "AddressShown",
    "AdjustmentShown",
    "Amount",
    "HoldShown",
    "LineShown",
    "OrderShown",
    "Person",
    "Totals",
    "document",
    "documents",
    "order_id",
    "page",
    "possible_changes",
    "stages",
]
