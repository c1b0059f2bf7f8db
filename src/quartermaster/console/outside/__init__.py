"""Pages of sites that others work."""
