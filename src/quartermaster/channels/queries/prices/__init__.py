"""Prices as they are worked out, and as people and programs see them."""
