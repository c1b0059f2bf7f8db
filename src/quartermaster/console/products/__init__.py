"""Products: how good their data is, what is wrong with it, and what mends it."""
