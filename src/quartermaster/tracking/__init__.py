"""Tracking: what carriers tell about parcels, in any order and often; promises kept or broken.

Owns: scans, and per parcel what they add up to.
Reads: messages of connections that tell of parcels.
Listens to: LabelBought, LabelVoided, ParcelHandedOver; and to itself, so that lines count what arrived.
Emits: ParcelScanned, ParcelDelivered, ParcelUndelivered, ParcelReturning; and expects at the dock what comes
back undelivered.
Never: guesses a status it was not told, or lets an older scan undo a newer one.
"""
