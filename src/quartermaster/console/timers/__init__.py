"""Timers of the floor: what is due next, what will be late, what is."""
