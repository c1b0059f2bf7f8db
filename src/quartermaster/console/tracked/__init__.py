"""The page for whoever waits for an order: no sign-in, a link that cannot be guessed, and no more than they
know."""
