"""Shipping: which carrier takes a parcel, what that costs, its label, the manifest and the hand-over.

Owns: rate tables, rate decisions, labels, manifests, scan-outs, pickups.
Listens to: ParcelPacked, ParcelOpened, OrderCancelled, OrderChanged, ManifestClosed.
Emits: LabelBought, LabelRefused, LabelVoided, ParcelHandedOver, ManifestClosed.
Never: buys a second label for a parcel, or hands over what was cancelled.
"""
