"""What became of the units of a row: Magento counts what was cancelled, sent and refunded, each by itself.

Whether a refunded unit had left is not told. It had not where more were refunded than sent; of an order that
is over, none that has not left ever will; else it is a doubt.
"""

from typing import NamedTuple

from quartermaster.connectors.leaves import counted
from quartermaster.connectors.magento.translate.bodies import Item


class Moved(NamedTuple):
    """Units of a row."""

    cancelled: int
    shipped: int
    refunded: int
    returned: int

    def times(self, count: int) -> "Moved":
        return Moved(*(units * count for units in self))

    def beside(self, other: "Moved") -> "Moved":
        """Rows that belong together do not all count: the one that says more knows it."""
        return Moved(*map(max, self, other))


class Gone(NamedTuple):
    """Units of a line, as orders count them."""

    cancelled: int
    fulfilled: int
    returned: int


def moved(row: Item) -> Moved:
    return Moved(
        counted(row.qty_canceled),
        counted(row.qty_shipped),
        counted(row.qty_refunded),
        counted(row.qty_returned),
    )


def gone(units: Moved, ordered: int, state: str, what: str, doubts: list[str]) -> Gone:
    fulfilled = min(units.shipped, ordered)
    unsent = max(0, ordered - fulfilled - units.cancelled)
    if units.shipped + units.cancelled > ordered or units.refunded > ordered:
        doubts.append(f"{what}: more units were sent or taken off than ordered.")
    surely = min(unsent, max(0, units.refunded - units.shipped))
    perhaps = min(unsent, units.refunded)
    if state == "closed":
        taken = unsent
    elif state == "complete":
        taken = perhaps
        if unsent > perhaps:
            doubts.append(f"{what}: {unsent - perhaps} have not left, though Magento has the order complete.")
    else:
        taken = surely
        if perhaps > surely:
            doubts.append(
                f"{what}: {units.refunded} were refunded and {units.shipped} have left: "
                "how many of the others are still wanted is not told."
            )
    off = min(units.cancelled, ordered - fulfilled) + taken
    return Gone(off, fulfilled, min(units.returned, fulfilled))
