"""Which orders to pick together when people walk whole aisles: most units for every aisle that is entered.

The question is the one Mercado Libre put to the Brazilian operations research society (SBPO 2025): orders and
aisles such that the aisles hold all that the orders want, with units within bounds.
"""

from collections.abc import Callable
from random import Random

from quartermaster.warehouse.rules.waves.search import Search
from quartermaster.warehouse.rules.waves.shelves import Shelves, Wave
from quartermaster.warehouse.rules.waves.state import Books

__all__ = ["Shelves", "Wave", "select"]


def select(shelves: Shelves, *, is_over: Callable[[], bool], seed: int = 0) -> Wave | None:
    """The wave with the most units an aisle that is found until `is_over`; None when none was found with at
    least `units_min` units. One is looked for to the end even when time is over. The same calls of `is_over`
    give the same wave.
    """
    books = Books(shelves)
    found = Search(books, is_over=is_over, chance=Random(seed)).run()  # noqa: S311 - no secret
    if found is None:
        return None
    orders, aisles = tuple(sorted(found.taken)), tuple(sorted(found.open))
    possible, all_orders = len(books.possible), len(books.units)
    because = [
        f"{found.units} units from {len(aisles)} aisles: {found.ratio:.1f} an aisle",
        f"{len(orders)} of {all_orders} orders; a wave has {shelves.units_min} to {shelves.units_max} units",
    ]
    if possible < all_orders:
        because.append(f"{all_orders - possible} orders are larger than a wave, or their units lie nowhere")
    return Wave(orders, aisles, found.units, tuple(because))
