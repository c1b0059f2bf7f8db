"""What counts as wrong with a product, why, and what would mend it. Pure."""
