"""Marketplaces: what they hold a seller to, counted from our own rows, beside what they say themselves.

Owns: the terms of each measure from a day on, defects that buyers told a marketplace of, official figures,
the tally of each day and how each measure stood on each day.
Reads: orders, parcels, what carriers told, what shops were told.
Listens to: nothing; it is counted by the clock, and after each defect that is told.
Emits: TermsWritten, DefectTold, OfficialTold, CountContested, StandingMoved.
Never: takes an order out of a figure because somebody contests it, for the marketplace does not either.
"""
