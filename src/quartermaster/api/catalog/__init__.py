"""/api/skus, /api/kits, /api/aliases, /api/barcodes, /api/restrictions: what is sold, made of what, called
what by whom, and may go where."""

from quartermaster.api.catalog import names, restrictions, skus

routers = (skus.router, names.router, restrictions.router)
