"""What can be done with the catalog. One writer at a time: so kits never form a circle."""

from quartermaster.catalog.actions.alias import NewAlias, add_aliases, remove_alias
from quartermaster.catalog.actions.assemble import Kit, set_kits
from quartermaster.catalog.actions.outcomes import BarcodeTaken, Outcome, UnitLocked
from quartermaster.catalog.actions.restrict import lift, restrict
from quartermaster.catalog.actions.save import save_sku, save_skus
from quartermaster.catalog.actions.scan import remove_barcode

__all__ = [
    "BarcodeTaken",
    "Kit",
    "NewAlias",
    "Outcome",
    "UnitLocked",
    "add_aliases",
    "lift",
    "remove_alias",
    "remove_barcode",
    "restrict",
    "save_sku",
    "save_skus",
    "set_kits",
]
