"""Verbs about orders: the only code that writes their tables."""

from quartermaster.orders.actions.cancel import cancel
from quartermaster.orders.actions.checking import steps_in_force, write_checks
from quartermaster.orders.actions.deliver import count_delivered
from quartermaster.orders.actions.edit import Edited, Shipping, edit
from quartermaster.orders.actions.heal import heal, heal_late
from quartermaster.orders.actions.hold import hold, release_expired, release_hold
from quartermaster.orders.actions.rehearse import FieldChange, Rehearsed, rehearse
from quartermaster.orders.actions.relines import NewLine
from quartermaster.orders.actions.take_in import take_in
from quartermaster.orders.actions.wake import wake_late

__all__ = [
    "Edited",
    "FieldChange",
    "NewLine",
    "Rehearsed",
    "Shipping",
    "cancel",
    "count_delivered",
    "edit",
    "heal",
    "heal_late",
    "hold",
    "rehearse",
    "release_expired",
    "release_hold",
    "steps_in_force",
    "take_in",
    "wake_late",
    "write_checks",
]
