"""Remember orders of the past, in batches of plain structs: written as they are told, with their true times.

Nothing on the river wakes up: events are recorded and delivered to nobody, stock does not move. What is
told again alike changes nothing; told otherwise it is changed, unless the order has been changed here since.
Each call is one transaction and a constant number of statements, for thousands of rows at once.
"""

from quartermaster.orders.actions.remember.forget import (
    forget_lines,
    forget_orders,
    forget_tenders,
    orders_of_customers,
)
from quartermaster.orders.actions.remember.kinds import Lines, Orders, Payments
from quartermaster.orders.actions.remember.lines import remember_lines
from quartermaster.orders.actions.remember.orders import remember_orders
from quartermaster.orders.actions.remember.refunds import remember_refunds
from quartermaster.orders.actions.remember.tenders import remember_tenders

__all__ = [
    "Lines",
    "Orders",
    "Payments",
    "forget_lines",
    "forget_orders",
    "forget_tenders",
    "orders_of_customers",
    "remember_lines",
    "remember_orders",
    "remember_refunds",
    "remember_tenders",
]
