"""Shops: how they stand, what they and we see differently, and what a person does about it."""
