"""What is measured and how: definitions, days, zones, and the fold of counted rows into a figure."""
