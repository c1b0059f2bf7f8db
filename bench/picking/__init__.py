"""Picking against published instances: single tours, scattered storage, batches of orders."""
