"""Reads of allocation: which sites serve an order and why, the rule stack in force, the lanes."""

from quartermaster.allocation.queries.ruleset import LaneShown, Version, lanes, rules_in_force, rules_of
from quartermaster.allocation.queries.served import Piece, Served, served
from quartermaster.allocation.queries.why import Why, why

__all__ = [
    "LaneShown",
    "Piece",
    "Served",
    "Version",
    "Why",
    "lanes",
    "rules_in_force",
    "rules_of",
    "served",
    "why",
]
