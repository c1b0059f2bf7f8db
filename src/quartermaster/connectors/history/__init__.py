"""History: orders that another system has kept so far, imported from its tables.

Nothing comes over such a connection by itself, and nothing is sent over it: it offers no port. It is what
imported orders, and their keys, belong to.
"""
