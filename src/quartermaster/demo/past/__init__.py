"""Ninety days of the demo company, ending now: planned from a seed, then written as history."""
