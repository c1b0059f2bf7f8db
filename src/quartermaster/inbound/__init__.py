"""Inbound: goods are expected, received at the dock, checked and put away, and sent between sites.

Owns: arrivals (what is expected, by ASN, purchase order, transfer, or nothing at all), receipts, photos,
put-aways and the rules that say where, transfers.
Emits ArrivalExpected, GoodsReceived, UnitsInspected, UnitsPutAway, ArrivalClosed, TransferShipped and others.
Never: promises a unit that lies on the dock, or puts one where it does not fit.
"""
