"""Support: what customers say. Ratings only, so far.

Owns: ratings (CSAT, NPS).
Listens to: nothing yet.
Emits: nothing yet.
Never: counts a rating that nobody gave.
"""
