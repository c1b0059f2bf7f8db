"""What became of one row of a batch: one that is refused never stops the others."""

from collections.abc import Mapping
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.errors import Refused


class UnitLocked(Refused):
    code = "unit-locked"
    message = "{sku} is counted in {unit} already: stock or orders exist."
    remedy = "Make another SKU for the other unit, or add {wanted} as a further unit of {sku}."


class BarcodeTaken(Refused):
    code = "barcode-taken"
    message = "Barcode {barcode} belongs to {owner}."
    remedy = "Remove it there first, or correct the number."


class Outcome(NamedTuple):
    """sku_id is None when the row was refused; doubts are probable errors that were accepted, by field.
    is_made: the SKU was not there before."""

    sku_id: int | None
    refused: Refused | None = None
    doubts: Mapping[str, str] = {}
    is_new: bool = True  # false: everything was there already
    is_made: bool = False


def lock() -> None:
    """One writer of the catalog at a time, until the transaction ends. Readers and orders do not wait."""
    sql.run("select pg_advisory_xact_lock(hashtextextended('catalog', 0))")
