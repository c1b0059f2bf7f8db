"""Customers: one person or company over all channels, recognised by merge key, with the addresses they used.

Owns: customers, their addresses, and the history of merges. Listens to: nothing; orders call `recognise`.
Emits: CustomersMerged, CustomersUnmerged.
Never: guesses that two keys are one person (a person merges them, and can undo it), or changes an order.
"""
