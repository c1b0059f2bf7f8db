"""/api/parcels, /api/manifests and /api/rate-tables: labels, hand-overs, and what carriers charge."""

from quartermaster.api.shipping import labels, manifests, papers, tables

routers = (labels.router, papers.router, manifests.router, tables.router)
