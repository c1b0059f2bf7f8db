"""Extensiv 3PL Warehouse Manager: orders, their packages, stock."""
