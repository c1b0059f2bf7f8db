"""Outside: warehouses of others (3PL). What a site of theirs is to ship is sent there, not picked by us.

Owns: which site is served by which connection, what was sent there and what became of it, their stock reports
and what they differ by.
Listens to: OrderChanged, OrderCancelled, HoldPlaced, KeysAccepted.
Emits: SentOutside, OutsideAnswered, OutsideShipped, OutsideShort, CancelCameLate, OutsideUnclear,
DriftFound, DriftSettled, OutsideSiteChanged.
Never: guesses what they did, or overwrites stock by what they say.
"""
