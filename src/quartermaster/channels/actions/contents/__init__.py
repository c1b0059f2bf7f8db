"""What listings say: told to shops, looked at, and taken back."""
