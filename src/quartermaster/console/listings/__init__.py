"""What the shops sell: which SKU each listing is, how many it is to have, how many it has, and why."""
