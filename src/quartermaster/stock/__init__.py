"""The unit ledger: which units of which SKU are where, and which of them are promised.

Owns movements (append-only, double entry, chained by hashes), balances and levels (their projections), lots
and reservations. Listens to nothing; it is called. Emits StockArrived, StockShortened, StockPolicyChanged.
Never knows an order, never repairs a balance: what the ledger says is proved by `doctor`, not corrected.
"""
