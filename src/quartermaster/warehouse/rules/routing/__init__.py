"""How to walk: shortest tours through aisles and cross aisles, and which of several places to take from."""

from quartermaster.warehouse.rules.routing.layout import Layout, Stop, Stops, in_aisles
from quartermaster.warehouse.rules.routing.lengths import Lengths
from quartermaster.warehouse.rules.routing.scattered import choose
from quartermaster.warehouse.rules.routing.shortest import Step, Tour, shortest
from quartermaster.warehouse.rules.routing.strategies import Route, Strategy, route
from quartermaster.warehouse.rules.routing.walk import walk

__all__ = [
    "Layout",
    "Lengths",
    "Route",
    "Step",
    "Stop",
    "Stops",
    "Strategy",
    "Tour",
    "choose",
    "in_aisles",
    "route",
    "shortest",
    "walk",
]
