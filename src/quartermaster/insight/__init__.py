"""Insight: figures that open to exactly the rows they count.

Owns: nothing but rollups; every figure is read from what the other stages recorded.
Listens to: nothing.
Emits: nothing.
Never: shows a number without its definition, its n and the moment it was known.
"""
