"""/api/stock: what is where, how it may be promised, and moving it."""

from quartermaster.api.stock import ledger, levels

routers = (levels.router, ledger.router)
