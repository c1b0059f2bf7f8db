"""Filling containers against published instances."""
