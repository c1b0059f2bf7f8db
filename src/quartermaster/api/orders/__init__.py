"""/api/orders: read them, hold them, change and cancel them, and ask what can still be changed."""

from quartermaster.api.orders import changes, reads
from quartermaster.api.orders.router import router

assert changes.router is reads.router is router, "both register their operations when they are imported"
