"""Channels: what the shops are told, and what is fetched from them because a message may be lost.

Owns: which connection is told anything at all, how far each was read, and what became of every parcel that a
shop was to be told of.
Listens to: ParcelHandedOver.
Emits: ChannelSwitched, ShipmentTold, ShipmentRefused.
Never: reads an order itself. What is fetched goes through the inbox, as every message does.
"""
