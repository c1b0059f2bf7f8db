"""One box that finds an order or a SKU from whatever name you have for it."""
