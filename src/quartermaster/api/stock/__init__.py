"""/api/stock and /api/locations: what is where, how it may be promised, and moving it."""

from quartermaster.api.stock import bins, calendars, ledger, levels, locations, shelf_life

routers = (levels.router, ledger.router, locations.router, calendars.router, bins.router, shelf_life.router)
