"""Take back deliveries, and what was followed, that an import told by mistake. Each runs in the caller's
transaction, and answers with what stands in the way: then the caller takes everything back."""

from collections.abc import Sequence
from typing import Final

from quartermaster.core import sql
from quartermaster.tracking.actions.remember import remember_under_way
from quartermaster.warehouse.actions import forget as warehouse

TOUCHED: Final = """
select distinct 'P-' || parcel_id || ' has been told of by a carrier since' from tracking_scan
where parcel_id = any(%s) and source <> 'import' limit 20
"""
TRACKS: Final = "delete from tracking_track where parcel_id = any(%s)"
SCANS: Final = "delete from tracking_scan where parcel_id = any(%s)"
UNSCANNED: Final = """
delete from tracking_track t where t.parcel_id = any(%s)
  and not exists (select from tracking_scan s where s.parcel_id = t.parcel_id)
"""
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
    remember_under_way(parcel_ids)
    return []


def forget_hand_overs(parcel_ids: Sequence[int]) -> list[str]:
    """The moments these parcels left: nobody follows them any more."""
    sql.run(UNSCANNED, (list(parcel_ids),))
    return warehouse.forget_hand_overs(parcel_ids)


def forget_parcels(parcel_ids: Sequence[int]) -> list[str]:
    """Parcels that nobody told anything of since, with what is in them."""
    sql.run(UNSCANNED, (list(parcel_ids),))
    return warehouse.forget_parcels(parcel_ids)


def deliveries_of_parcels(ids: Sequence[int]) -> list[str]:
    """Why these parcels cannot be forgotten: deliveries are there."""
    return [text for (text,) in sql.run(OF_PARCELS, (list(ids),))]
