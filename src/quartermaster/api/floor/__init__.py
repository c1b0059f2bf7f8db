"""/api/floor, /api/waves, /api/pick-lists, /api/parcels, /api/put-backs, /api/counts: the floor's work."""

from quartermaster.api.floor import counts, lists, parcels, refills, tasks, waves

routers = (lists.router, parcels.router, tasks.router, waves.router, counts.router, refills.router)
