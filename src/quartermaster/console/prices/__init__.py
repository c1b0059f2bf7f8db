"""Price lists, what SKUs cost in each shop and why, and what guards hold back."""
