"""What Shippo is told, and what its answers say. Pure."""
