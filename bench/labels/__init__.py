"""How fast a sheet of labels is set, and whether a scanner reads it."""
