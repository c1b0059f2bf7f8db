"""Examples that say only what a test is about: everything not given is ordinary and works."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from quartermaster.allocation.rules import Order, Part, Site, Wanted


def wanted(
    code: str, quantity: int = 1, *, parts: Mapping[str, int] | None = None, **different: Any
) -> Wanted:
    """An open line worth 10.00 a unit. `parts` (SKU -> units per kit) makes it a kit; else its own SKU."""
    made_of = tuple(Part(sku, per_unit) for sku, per_unit in (parts or {code: 1}).items())
    ordinary = Wanted(0, code, quantity, 1000 * max(quantity, 0), made_of)
    return replace(ordinary, **different)


def an_order_to_route(*lines: Wanted, **different: Any) -> Order:
    """An order from Berlin without any promise. Lines without an id are numbered from 1."""
    numbered = tuple(
        line if line.line_id else replace(line, line_id=place) for place, line in enumerate(lines, 1)
    )
    ordinary = Order(
        number="SO-1042",
        country="DE",
        region="BE",
        postcode="10115",
        currency="EUR",
        value_minor=sum(line.value_minor for line in numbered),
        channel="acme",
        priority=0,
        tags=(),
        wanted=numbered,
    )
    return replace(ordinary, **different)


def a_site(code: str, available: Mapping[str, int] | None = None, **different: Any) -> Site:
    """An open own site in Germany that ships anywhere for EUR 4.90 in one day and holds what is given."""
    ordinary = Site(code, "own", "DE", cost_minor=490, days=1, available=dict(available or {}))
    return replace(ordinary, **different)
