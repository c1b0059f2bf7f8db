"""What a Karrio server is told, and what its answers say. Pure."""
