"""/api/floor, /api/waves, /api/pick-lists, /api/parcels, /api/packaging and tasks: the work of the floor."""

from quartermaster.api.floor import (
    counts,
    crew,
    lists,
    packaging,
    parcels,
    plans,
    policy,
    refills,
    tasks,
    timers,
    waves,
)

routers = (
    *(lists.router, parcels.router, packaging.router, plans.router, tasks.router),
    *(waves.router, policy.router, counts.router, refills.router, crew.router, timers.router),
)
