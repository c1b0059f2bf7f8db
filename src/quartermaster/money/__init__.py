"""Money: what is to be given back, how that adds up, and what became of it.

Owns: refunds that are due, with the parts they are made of; the policy for parcels nobody took.
Reads: orders as they were sold and as our people changed them; what the channel says was paid and given back.
Listens to: DifferenceChanged, OrderRefunded, PaymentChanged, ArrivalClosed (of a parcel that nobody took).
Emits: RefundDue, RefundSettled.
Never: gives money back itself, or owes more than was paid and not given back yet.
"""
