"""Decisions and value types of tracking: pure."""
