"""Stock to shops: how soon a sale on one channel reaches the others, and a full push within a rate."""
