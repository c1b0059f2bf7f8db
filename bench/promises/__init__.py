"""A real shop's past promised again, week by week, with what was known then."""
