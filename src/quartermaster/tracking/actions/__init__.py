"""Verbs of tracking: the only code that writes its tables."""
