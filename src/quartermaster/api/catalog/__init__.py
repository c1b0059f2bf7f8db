"""/api/skus, /api/kits, /api/aliases, /api/barcodes: what is sold, made of what, and called what by whom."""

from quartermaster.api.catalog import names, skus

routers = (skus.router, names.router)
