"""What is read of the dock."""
