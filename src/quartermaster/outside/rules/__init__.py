"""Decisions about warehouses of others: how an order goes there, and why their stock differs."""
