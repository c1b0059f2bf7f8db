"""Orders: what was sold, captured once, in our words, with every hold named and every unit accounted for.

Owns: orders, lines, holds, tenders, refunds as told by channels. Listens to: messages (take_in),
SkuChanged (heal). Emits: OrderAccepted, OrderChanged, OrderCancelled, OrderRefunded, PaymentChanged,
HoldPlaced, HoldReleased. Never: touches stock; what the units should come to is written on the line,
allocation follows.
"""
