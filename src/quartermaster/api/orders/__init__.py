"""/api/orders: read them, hold them, change and cancel them, and see why they are served from where."""

from quartermaster.api.orders.changes import router as changes
from quartermaster.api.orders.reads import router as reads

routers = (reads, changes)
