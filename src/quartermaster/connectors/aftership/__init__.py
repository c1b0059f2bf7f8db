"""AfterShip: asks carriers for us what became of parcels.

Follows what was handed over, takes in the webhooks that tell of it, and asks what was missed.
"""
