"""The verbs of the dock. Locks in one order: stock levels, then the bin, then balances, then our own rows."""

from quartermaster.inbound.actions.amend_arrival import amend_arrival
from quartermaster.inbound.actions.arrivals import NewArrival, cancel_arrival, close_arrival, expect_arrival
from quartermaster.inbound.actions.inspect import inspect
from quartermaster.inbound.actions.photos import add_photo
from quartermaster.inbound.actions.put_away import put_away
from quartermaster.inbound.actions.receive import Scan, receive
from quartermaster.inbound.actions.write_rules import write_rules

__all__ = [
    "NewArrival",
    "Scan",
    "add_photo",
    "amend_arrival",
    "cancel_arrival",
    "close_arrival",
    "expect_arrival",
    "inspect",
    "put_away",
    "receive",
    "write_rules",
]
