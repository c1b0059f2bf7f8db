"""/api/skus, /api/sku-edits, /api/kits, /api/aliases, /api/barcodes, /api/restrictions: what is sold, made of
what, called what by whom, and may go where."""

from quartermaster.api.catalog import edits, names, restrictions, skus

routers = (skus.router, edits.router, names.router, restrictions.router)
