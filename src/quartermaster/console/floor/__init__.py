"""Pages of the floor: what waits, one pick at a time, the packing bench, units to put back, bins to count."""
