"""What goes into which room, and where in it: three dimensions, whole units, nothing lies as it must not."""

from quartermaster.shipping.rules.packing.check import faults
from quartermaster.shipping.rules.packing.fill import Filled, fill
from quartermaster.shipping.rules.packing.pieces import Piece, Placed, Size, turned

__all__ = ["Filled", "Piece", "Placed", "Size", "faults", "fill", "turned"]
