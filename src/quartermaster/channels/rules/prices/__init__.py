"""What a listing is to cost, and what keeps a price from being sent."""

from quartermaster.channels.rules.prices.guards import Guard, Known, Stop, floor_of, moved_far, stops
from quartermaster.channels.rules.prices.wanted import Line, Priced, PriceRule, priced
from quartermaster.channels.rules.prices.was import Past, Shows, Was, was

__all__ = [
    "Guard",
    "Known",
    "Line",
    "Past",
    "PriceRule",
    "Priced",
    "Shows",
    "Stop",
    "Was",
    "floor_of",
    "moved_far",
    "priced",
    "stops",
    "was",
]
