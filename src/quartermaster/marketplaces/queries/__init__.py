"""Reads of marketplaces."""
