"""Decisions and value types of the floor: pure."""
