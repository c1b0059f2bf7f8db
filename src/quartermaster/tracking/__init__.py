"""Tracking: what carriers tell about parcels, in any order and often; promises kept or broken.

Owns: scans, and per parcel what they add up to.
Listens to: LabelBought, ParcelHandedOver.
Emits: ParcelScanned, ParcelDelivered, ParcelUndelivered.
Never: guesses a status it was not told, or lets an older scan undo a newer one.
"""
