"""What ShipEngine is told, and what its answers say. Pure."""
