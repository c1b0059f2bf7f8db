"""Decisions and value types of marketplaces: pure."""
