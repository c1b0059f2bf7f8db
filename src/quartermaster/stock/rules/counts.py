"""Counted stock as a table has it: what lies at a place, of which lot. The count is the truth."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from quartermaster.core.cells import Cells
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.stock.rules.moves import Move, faults

COLUMNS = ("sku", "location", "quantity", "bin", "lot", "expiry")
_COLUMN = {"target": "bin"}
REQUIRED = ("sku", "location", "quantity")


class Counted(NamedTuple):
    """Units of a SKU, good to sell, at one place and of one lot ("" for none)."""

    sku: str
    place: str
    lot: str
    quantity: int
    expires_on: date | None


def row(given: Mapping[str, str]) -> tuple[Counted, dict[str, str]]:
    """A row under canonical names, and column -> what cannot be read. Without a bin it is the site itself."""
    cells = Cells(given)
    quantity, expires_on = cells.whole("quantity"), cells.day("expiry")
    if quantity is not None and not 0 <= quantity <= QUANTITY_MAX:
        cells.errors["quantity"] = f"from 0 to {QUANTITY_MAX}"
    if expires_on and not given["lot"]:
        cells.errors["lot"] = "needed with an expiry"
    if "/" in given["location"]:
        cells.errors["location"] = "the code of a site; what is in it goes into the column bin"
    place = f"{given['location']}/{given['bin']}" if given["bin"] else given["location"]
    asked = Move("count", 0, 1, "world:adjustment", place, "counted", lot=given["lot"])
    for field, what in faults(asked).items():
        cells.errors.setdefault(_COLUMN.get(field, field), what)
    return Counted(given["sku"], place, given["lot"], quantity or 0, expires_on), cells.errors
