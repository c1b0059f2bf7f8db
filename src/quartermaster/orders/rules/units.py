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

    @property
    def surplus(self) -> int:
        """Units that are reserved, picked or gone though nobody wants them any more."""
        return max(0, self.allocated + self.picked + self.shipped - self.wanted)


def told(units: Units, line: LineSold | None) -> Units:
    """What the channel says now about a line, whatever it said before; None: the line is gone.

    Units our own people took off stay off: the larger of their count and the channel's holds, for the channel
    usually mirrors ours.
    """
    if line is None:
        return balanced(replace(units, sold=0, wanted=0, fulfilled=0, sent_back=0))
    sold = max(0, line.ordered)
    cancelled = min(sold, max(line.cancelled, units.cancelled_here))
    return balanced(
        replace(
            units,
            sold=sold,
            wanted=sold - cancelled,
            fulfilled=max(0, min(line.fulfilled, sold)),
            sent_back=max(0, min(line.returned, sold)),
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
