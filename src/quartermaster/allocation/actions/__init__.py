"""Verbs about allocation: the only code that writes its tables."""

from quartermaster.allocation.actions.edit import Foreseen, Seen, edit
from quartermaster.allocation.actions.outgrow import keep_shelf_life
from quartermaster.allocation.actions.reconsider import reconsider, reconsider_all
from quartermaster.allocation.actions.reroute import reroute
from quartermaster.allocation.actions.serve import look_again, mend, serve
from quartermaster.allocation.actions.settle import allocate
from quartermaster.allocation.actions.write_rules import set_lanes, write_rules

__all__ = [
    "Foreseen",
    "Seen",
    "allocate",
    "edit",
    "keep_shelf_life",
    "look_again",
    "mend",
    "reconsider",
    "reconsider_all",
    "reroute",
    "serve",
    "set_lanes",
    "write_rules",
]
