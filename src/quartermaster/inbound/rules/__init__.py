"""What is decided at the dock. Pure."""
