"""Reads of the floor: what is picked and where it is, lists, parcels, the board of a site."""
