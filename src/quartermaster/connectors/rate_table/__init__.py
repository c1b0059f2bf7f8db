"""Carriers by rate table: no outside system at all, but a carrier like the others.

Its prices are data (/api/rate-tables), its labels we print, its tracking numbers we give out.
"""
