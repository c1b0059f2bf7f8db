"""The verbs of the floor. Locks in one order: orders by id, then levels, then balances, then our own rows."""

from quartermaster.warehouse.actions.confirm import confirm_lists, confirm_pick
from quartermaster.warehouse.actions.lists import cancel_list, start
from quartermaster.warehouse.actions.make_pick_list import make_pick_list
from quartermaster.warehouse.actions.reconcile import keep_in_step
from quartermaster.warehouse.actions.short import pick_short

__all__ = [
    "cancel_list",
    "confirm_lists",
    "confirm_pick",
    "keep_in_step",
    "make_pick_list",
    "pick_short",
    "start",
]
