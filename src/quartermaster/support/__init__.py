"""Support: what customers say, and what they are to be told of recalled lots.

Owns: ratings (CSAT, NPS); notices, which wait until a person has told the customer.
Reads: who got a lot, in picks and parcels.
Listens to: RecallMade.
Emits: NoticeTold, and a hold where the lot is still in our hands.
Never: counts a rating that nobody gave.
"""
