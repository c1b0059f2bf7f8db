"""Unicommerce (Uniware): sale orders with their packages, stock, goods received."""
