"""/api/parcels, /api/manifests, /api/carriers, /api/rate-tables: labels, hand-overs, what carriers charge."""

from quartermaster.api.shipping import (
    addresses,
    carriers,
    claims,
    customs,
    dispatch,
    labels,
    landed,
    manifests,
    papers,
    preferences,
    returning,
    tables,
)

routers = (
    labels.router,
    papers.router,
    addresses.router,
    manifests.router,
    returning.router,
    dispatch.router,
    tables.router,
    preferences.router,
    carriers.router,
    claims.router,
    customs.router,
    landed.router,
)
