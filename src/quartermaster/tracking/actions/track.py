"""A parcel gets its label, loses it, or leaves: from then on it is followed."""

from collections.abc import Sequence

from quartermaster.core import sql
from quartermaster.events import LabelBought, LabelVoided, ParcelHandedOver
from quartermaster.tracking.actions.refold import lock, refold

OURS = "quartermaster"

KEEP = """
insert into tracking_scan (parcel_id, key, at, status, message, source, recorded_at)
select parcel_id, key, at, status, message, %(source)s, now()
from jsonb_to_recordset(%(scans)s::jsonb) as s(
  parcel_id bigint, key text, at timestamptz, status text, message text)
on conflict (parcel_id, key) do nothing
"""


def track(heard: Sequence[LabelBought | LabelVoided | ParcelHandedOver]) -> None:
    """The listener. A hand-over is no scan: what the carrier has not told stays untold, and shows as such."""
    lock(event.order_id for event in heard)
    scans = [scan for event in heard if (scan := _ours(event))]
    if scans:
        sql.run(KEEP, {"scans": sql.rows(scans), "source": OURS})
    refold({event.parcel_id for event in heard}, at=heard[-1].at, by="tracking")


def _ours(event: LabelBought | LabelVoided | ParcelHandedOver) -> dict[str, object] | None:
    told: dict[str, object] = {"parcel_id": event.parcel_id, "at": event.at}
    if isinstance(event, LabelBought):
        message = f"Label bought: {event.carrier} {event.service}".strip()
        return {**told, "key": f"label:{event.label_id}", "status": "pre_transit", "message": message}
    if isinstance(event, LabelVoided):
        return {**told, "key": f"void:{event.label_id}", "status": "cancelled", "message": "Label voided"}
    return None
