"""Reads of the catalog: SKUs and their names, and what may not go where."""

from quartermaster.catalog.queries.restrictions import (
    RestrictionShown,
    goods,
    restrictions,
    restrictions_listed,
)
from quartermaster.catalog.queries.skus import (
    Scanned,
    SkuState,
    aliases,
    alike,
    barcode_owners,
    in_use,
    kits,
    parts,
    resolve,
    scanned,
    sku_codes,
    states,
)

__all__ = [
    "RestrictionShown",
    "Scanned",
    "SkuState",
    "aliases",
    "alike",
    "barcode_owners",
    "goods",
    "in_use",
    "kits",
    "parts",
    "resolve",
    "restrictions",
    "restrictions_listed",
    "scanned",
    "sku_codes",
    "states",
]
