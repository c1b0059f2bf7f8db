"""What a listing is to cost, and what keeps a price from being sent."""

from quartermaster.channels.rules.prices.guards import Guard, Known, Stop, floor_of, moved_far, stops
from quartermaster.channels.rules.prices.wanted import Line, Priced, PriceRule, priced

__all__ = [
    "Guard",
    "Known",
    "Line",
    "PriceRule",
    "Priced",
    "Stop",
    "floor_of",
    "moved_far",
    "priced",
    "stops",
]
