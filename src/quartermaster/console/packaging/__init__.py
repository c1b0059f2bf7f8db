"""The packaging: cartons as a page, and how they do."""
