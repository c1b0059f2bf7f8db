"""Verbs of the floor: the only code that writes its tables."""
