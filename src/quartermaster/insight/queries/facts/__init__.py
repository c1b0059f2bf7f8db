"""The rows that figures count: one select for each kind of fact, all with the same columns.

id        what the rows of a page are sorted by; never twice in one kind
subject   what a row is: order:SO-17, sku:LAMP, rating:4
at        the moment that counts, where there is one
day       which day of the period it belongs to, from 1
weight    what it adds to the denominator
value     what it adds to the numerator, or what is summed and averaged
is_hit    whether it is one of the numerator's
part      currency, where money is meant
due       what it was due at, as text
"""

from collections.abc import Mapping

from quartermaster.insight.queries.facts import (
    arrived,
    dispatched,
    due,
    floor,
    orders,
    placed,
    rated,
    shipped,
    stocked,
)
from quartermaster.insight.queries.facts.fact import Fact
from quartermaster.insight.queries.facts.known import Ask, text

FACTS: Mapping[str, Fact] = {
    **placed.FACTS,
    **shipped.FACTS,
    **dispatched.FACTS,
    **floor.FACTS,
    **arrived.FACTS,
    **due.FACTS,
    **stocked.FACTS,
    **rated.FACTS,
}
FAMILIES: Mapping[str, str] = {
    "orders": orders.FAMILY,
    "shipments": dispatched.FAMILY,
    "floor": floor.FAMILY,
    "stock": stocked.FAMILY,
    "ratings": rated.FAMILY,
}

__all__ = ["FACTS", "FAMILIES", "Ask", "Fact", "text"]
