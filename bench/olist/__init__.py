"""A shop's published history, imported whole and held against known figures."""
