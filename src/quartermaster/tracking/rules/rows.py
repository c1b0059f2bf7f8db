"""Deliveries of the past as tables have them: one row a parcel, or one an order with all its parcels."""

from collections.abc import Mapping

from quartermaster.core.cells import Cells
from quartermaster.tracking.rules.history import PastMoments

MOMENTS = ("handed_over_at", "delivered_at")
COLUMNS = ("order", "parcel", "tracking_number", *MOMENTS, "place", "message")
REQUIRED = ()


def moments(given: Mapping[str, str]) -> tuple[PastMoments | None, Mapping[str, str]]:
    """When parcels left and arrived, or by column what is wrong with the row."""
    cells = Cells(given)
    handed_over_at, delivered_at = cells.moment("handed_over_at"), cells.moment("delivered_at")
    if not given["order"] and not given["tracking_number"]:
        cells.errors["order"] = "empty, and so is tracking_number: one of them names the parcel"
    if cells.errors:
        return None, cells.errors
    return PastMoments(
        order=given["order"],
        external_id=given["parcel"],
        tracking_number=given["tracking_number"],
        handed_over_at=handed_over_at,
        delivered_at=delivered_at,
        place=given["place"],
        message=given["message"],
    ), {}
