"""Allocation: which site serves which units of an order, and why.

Owns: rule stack and lanes, decisions with all their inputs, allocations (what one site serves of one order).
Listens to: OrderAccepted, OrderChanged, OrderCancelled, HoldPlaced, HoldReleased, StockArrived,
StockShortened.
Emits: OrderAllocated, OrderParked, AllocationReleased, AllocationCancelled, OrderShippedElsewhere.
Never: decides without storing why, or promises a unit twice.
"""
