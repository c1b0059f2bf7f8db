"""What was found of products, read for people and for the rules."""
