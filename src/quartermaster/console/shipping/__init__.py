"""Shipping: what waits for a label, what waits for the carrier, and one parcel with the why of its label."""
