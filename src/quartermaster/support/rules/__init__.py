"""Decisions and value types of support: pure."""
