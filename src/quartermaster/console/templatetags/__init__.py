"""How templates write money, moments and counts."""
