"""/api/floor, /api/pick-lists, /api/parcels, /api/put-backs, /api/counts: the work of the floor."""

from quartermaster.api.floor import counts, lists, parcels, refills, tasks

routers = (lists.router, parcels.router, tasks.router, counts.router, refills.router)
