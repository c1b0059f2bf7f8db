"""What Easyship is told, and what its answers say. Pure."""
