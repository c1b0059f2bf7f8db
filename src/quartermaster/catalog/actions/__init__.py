"""What can be done with the catalog. One writer at a time: so kits never form a circle."""

from quartermaster.catalog.actions.alias import NewAlias, add_aliases, remove_alias
from quartermaster.catalog.actions.assemble import Kit, set_kits
from quartermaster.catalog.actions.edit import (
    NotEnded,
    UndoneAlready,
    edit_skus,
    undo_edit,
    work_edits,
)
from quartermaster.catalog.actions.edit import preview as preview_edits
from quartermaster.catalog.actions.edit_file import AppliedAlready, apply_file, ask_file, asked_rows
from quartermaster.catalog.actions.outcomes import BarcodeTaken, Outcome, UnitLocked
from quartermaster.catalog.actions.restrict import lift, restrict
from quartermaster.catalog.actions.save import save_sku, save_skus
from quartermaster.catalog.actions.scan import remove_barcode

__all__ = [
    "AppliedAlready",
    "BarcodeTaken",
    "Kit",
    "NewAlias",
    "NotEnded",
    "Outcome",
    "UndoneAlready",
    "UnitLocked",
    "add_aliases",
    "apply_file",
    "ask_file",
    "asked_rows",
    "edit_skus",
    "lift",
    "preview_edits",
    "remove_alias",
    "remove_barcode",
    "restrict",
    "save_sku",
    "save_skus",
    "set_kits",
    "undo_edit",
    "work_edits",
]
