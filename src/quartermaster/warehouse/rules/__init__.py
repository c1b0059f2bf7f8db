"""Decisions and value types of warehouse: pure."""
