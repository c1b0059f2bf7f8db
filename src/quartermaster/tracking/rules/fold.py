"""What the scans of a parcel add up to: a function of the set of them, however they were told."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

# Of scans of the same moment the one further down counts as the later one.
STATUSES = (
    "unknown",  # told something that we do not understand
    "pre_transit",
    "accepted",
    "in_transit",
    "out_for_delivery",
    "available_for_pickup",
    "exception",
    "return_to_sender",
    "cancelled",
    "delivered",
)
_RANK = {status: rank for rank, status in enumerate(STATUSES)}

# What takes a delivery back. Hubs report in batches, so a passing scan after it says nothing.
UNDOES_DELIVERY = frozenset({"out_for_delivery", "available_for_pickup", "exception", "return_to_sender"})
# Once a parcel is on its way back its delivery is the one to us, until a carrier takes it anew.
BEGINS_RETURN, ENDS_RETURN = "return_to_sender", "accepted"
ON_PAPER = frozenset({"pre_transit", "cancelled"})  # of the label; nobody has seen the parcel


class Scan(Struct, frozen=True):
    """One thing told of a parcel. key: what makes it the same when it is told again."""

    key: str
    at: datetime
    status: str
    recorded_at: datetime


class Track(Struct, frozen=True):
    """delivered_at: the first scan of the delivery that stands; delivered_recorded_at: when we learned of it.
    first and last scan: those that somebody made with the parcel in hand."""

    status: str = "pre_transit"
    first_scan_at: datetime | None = None
    last_scan_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_recorded_at: datetime | None = None


def fold(scans: Iterable[Scan]) -> Track:
    """The status is that of the scan that happened last; a code nobody knows has none, unless nothing else is
    known. A delivery stands until something later takes it back (UNDOES_DELIVERY); one behind a return to the
    sender is no delivery to the receiver. Without any scan the parcel is pre_transit."""
    told = sorted(set(scans), key=_place)
    status = ""
    delivered: Scan | None = None
    is_back = False
    for scan in told:
        if scan.status == "unknown" or (delivered is not None and scan.status not in UNDOES_DELIVERY):
            continue
        is_back = scan.status == BEGINS_RETURN or (is_back and scan.status != ENDS_RETURN)
        status = BEGINS_RETURN if is_back and scan.status == "delivered" else scan.status
        delivered = scan if status == "delivered" else None
    seen = [scan.at for scan in told if scan.status not in ON_PAPER]
    return Track(
        status=status or ("unknown" if told else "pre_transit"),
        first_scan_at=seen[0] if seen else None,
        last_scan_at=seen[-1] if seen else None,
        delivered_at=delivered.at if delivered else None,
        delivered_recorded_at=delivered.recorded_at if delivered else None,
    )


def _place(scan: Scan) -> tuple[datetime, int, datetime, str]:
    return scan.at, _RANK[scan.status], scan.recorded_at, scan.key
