"""The catalog: what can be sold and stocked, what it is made of, and what others call it.

Owns: SKUs with sizes, weights and policies, products, units, barcodes, kits, and the aliases of each channel.
Listens to: nothing. Emits: SkuChanged.
Never: renames a SKU (an alias does that), guesses a match (likeness only suggests), or counts stock.
"""
