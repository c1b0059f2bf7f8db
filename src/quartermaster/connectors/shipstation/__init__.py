"""ShipStation over its API v2, which is ShipEngine's core under another address."""
