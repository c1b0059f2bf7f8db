"""Verbs of support: the only code that writes its tables."""
