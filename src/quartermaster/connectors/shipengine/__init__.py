"""ShipEngine: one account, the labels of several carriers. Over its API v1."""
