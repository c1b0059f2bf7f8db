"""Take back deliveries that an import told by mistake. Each runs in the caller's transaction, and answers
with what stands in the way: then the caller takes everything back."""

from collections.abc import Sequence
from typing import Final

from quartermaster.core import sql

TOUCHED: Final = """
select distinct 'P-' || parcel_id || ' has been told of by a carrier since' from tracking_scan
where parcel_id = any(%s) and source <> 'import' limit 20
"""
TRACKS: Final = "delete from tracking_track where parcel_id = any(%s)"
SCANS: Final = "delete from tracking_scan where parcel_id = any(%s)"
OF_PARCELS: Final = """
select 'P-' || parcel_id || ' has a delivery of another import: withdraw that first' from tracking_scan
where parcel_id = any(%s) order by parcel_id limit 20
"""


def forget_deliveries(parcel_ids: Sequence[int]) -> list[str]:
    """The deliveries of these parcels, and what they added up to."""
    if blocked := [text for (text,) in sql.run(TOUCHED, (list(parcel_ids),))]:
        return blocked
    sql.run(TRACKS, (list(parcel_ids),))
    sql.run(SCANS, (list(parcel_ids),))
    return []


def deliveries_of_parcels(ids: Sequence[int]) -> list[str]:
    """Why these parcels cannot be forgotten: deliveries are there."""
    return [text for (text,) in sql.run(OF_PARCELS, (list(ids),))]
