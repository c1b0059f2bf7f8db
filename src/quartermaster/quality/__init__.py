"""Quality: what is wrong with the data of products, how complete each is, and what can be done about it.

Owns: what was found of each SKU and listing, what a person let be, the score of each SKU, the naming rules.
Listens to: SkuChanged. A trigger on the listings writes down SKUs whose listings changed.
Emits: FindingIgnored, QualityRulesChanged. Fixes are changes of the catalog, and what we say is told to shops
by the channels: each by its own verbs.
Never: changes anything by itself, or guesses: a fix is one that follows from what is there.
"""
