"""Where the units of a line are, and where they should come to. The
floor follows later; nothing is ever lost."""

from msgspec import Struct
from msgspec.structs import replace

from quartermaster.orders.ports import LineSold


class Units(Struct, frozen=True):
    """The five places of a line's units, and what the line should come to (see models.Line).

    Packed counts within picked, labelled within packed, delivered and returned within shipped.
    """

    ordered: int = 0
    open: int = 0
    allocated: int = 0
    picked: int = 0
    packed: int = 0
    labelled: int = 0
    shipped: int = 0
    delivered: int = 0
    cancelled: int = 0
    returned: int = 0
    sold: int = 0
    wanted: int = 0
    fulfilled: int = 0
    sent_back: int = 0
    cancelled_here: int = 0
    added: int = 0
    cancelled_there: int = 0

    @property
    def surplus(self) -> int:
        """Units that are reserved, picked or gone though nobody wants them any more."""
        return max(0, self.allocated + self.picked + self.shipped - self.wanted)


def told(units: Units, line: LineSold | None, added: int = 0) -> Units:
    """What the channel says now about a line, whatever it said before; None: it does not have the line.

    Units our own people took off stay off: the larger of their count and the channel's holds, for the channel
    usually mirrors ours. `added`: units they put on the line which the channel has not sold itself since.
    """
    there = max(0, line.ordered) if line else 0
    off = max(0, min(line.cancelled, there)) if line else 0
    sold = there + added
    return balanced(
        replace(
            units,
            sold=sold,
            wanted=sold - min(sold, max(off, units.cancelled_here)),
            fulfilled=max(0, min(line.fulfilled, there)) if line else 0,
            sent_back=max(0, min(line.returned, there)) if line else 0,
            added=added,
            cancelled_there=off,
        )
    )


def balanced(units: Units) -> Units:
    """Open and cancelled follow from what is wanted and what is reserved, picked or shipped.

    The result depends on nothing else, so that any order of messages ends in the same place. While a
    surplus is still reserved or picked, those units are counted there and not yet as cancelled.
    """
    busy = units.allocated + units.picked + units.shipped
    open_units = max(0, units.wanted - busy)
    cancelled = max(0, units.sold - units.wanted - units.surplus)
    return replace(
        units,
        open=open_units,
        cancelled=cancelled,
        ordered=open_units + busy + cancelled,
        returned=min(units.sent_back, units.shipped),
    )


def take_off(units: Units, quantity: int) -> Units:
    """Our own people cancel `quantity` of the units still wanted."""
    return balanced(
        replace(units, wanted=units.wanted - quantity, cancelled_here=units.sold - units.wanted + quantity)
    )


def put_on(units: Units, quantity: int) -> Units:
    """Our own people want `quantity` units more: what they took off themselves first, the rest is added."""
    off = units.sold - units.wanted
    back = min(quantity, max(0, off - units.cancelled_there))
    more = quantity - back
    return balanced(
        replace(
            units,
            sold=units.sold + more,
            wanted=units.wanted + quantity,
            added=units.added + more,
            cancelled_here=off - back,
        )
    )
