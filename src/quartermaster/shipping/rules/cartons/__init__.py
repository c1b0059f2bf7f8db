"""Which cartons an order goes into: the cheapest that hold it, with where everything lies and why."""

from quartermaster.shipping.rules.cartons.choose import VERSION, cartonize
from quartermaster.shipping.rules.cartons.shapes import Box, Goods, Lying, Plan, Terms, Wanted
from quartermaster.shipping.rules.cartons.suggest import Suggestion, suggest
from quartermaster.shipping.rules.cartons.terms import by_the_kilogram, charge, terms_for

__all__ = [
    "VERSION", "Box", "Goods", "Lying", "Plan", "Suggestion", "Terms", "Wanted",
    "by_the_kilogram", "cartonize", "charge", "suggest", "terms_for",
]  # fmt: skip
