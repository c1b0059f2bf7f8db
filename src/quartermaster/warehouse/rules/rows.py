"""Parcels of the past as tables have them: one row a parcel, or one a line in a parcel."""

from collections.abc import Mapping

from quartermaster.core.cells import Cells
from quartermaster.warehouse.rules.history import PastParcel

MOMENTS = ("promised_by", "ship_by", "packed_at", "handed_over_at", "delivered_at")
COLUMNS = (
    *("order", "parcel", "line", "quantity", "location", "carrier", "service", "tracking_number"),
    *("weight_g", "promised_on"),
    *MOMENTS,
)
REQUIRED = ("order",)


def parcel(given: Mapping[str, str]) -> tuple[PastParcel | None, Mapping[str, str]]:
    """A parcel, or by column what is wrong with the row. Without a name its tracking number is one."""
    cells = Cells(given)
    quantity, weight_g, promised_on = (
        cells.whole("quantity"),
        cells.whole("weight_g"),
        cells.day("promised_on"),
    )
    moments = {name: cells.moment(name) for name in MOMENTS if name != "delivered_at"}
    cells.moment("delivered_at")  # tracking's business; whether it can be read is ours
    name = given["parcel"] or given["tracking_number"]
    if not name:
        cells.errors["parcel"] = "empty, and so is tracking_number: one of them names the parcel"
    if cells.errors:
        return None, cells.errors
    return PastParcel(
        order=given["order"],
        external_id=name,
        location=given["location"],
        carrier=given["carrier"],
        service=given["service"],
        tracking_number=given["tracking_number"],
        weight_g=weight_g,
        promised_on=promised_on,
        lines=((given["line"], quantity),) if given["line"] else (),
        **moments,
    ), {}
