"""/api/orders: read them, hold them, change and cancel them, and ask what can still be changed."""

from quartermaster.api.orders import changes, checks, reads  # importing them registers their operations
from quartermaster.api.orders.router import router

__all__ = ["changes", "checks", "reads", "router"]
