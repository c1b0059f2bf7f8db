"""The unit ledger: which units of which SKU are where, and which of them are promised.

Owns movements (append-only, double entry, chained by hashes), balances and levels (their projections), lots,
reservations and recalls. Listens to its own StockArrived, so that no unit of a recalled or expired lot is
sold. Emits StockArrived, StockShortened, StockPolicyChanged, LotQuarantined, RecallMade.
Never knows an order, never repairs a balance: what the ledger says is proved by `doctor`, not corrected.
"""
