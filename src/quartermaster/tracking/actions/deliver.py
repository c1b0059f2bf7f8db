"""Lines count what was delivered: read anew from the parcels, so that hearing of it twice changes nothing."""

from collections.abc import Sequence

from quartermaster.events import ParcelDelivered, ParcelHandedOver, ParcelUndelivered
from quartermaster.orders.actions import count_delivered
from quartermaster.orders.actions.state import load
from quartermaster.tracking.queries.delivered import delivered_units


def deliver(heard: Sequence[ParcelDelivered | ParcelUndelivered | ParcelHandedOver]) -> None:
    """The listener. A delivery may be told before the hand-over is: then it counts when that comes."""
    orders = load(event.order_id for event in heard)  # locked before the parcels are looked at
    count_delivered(list(orders.values()), delivered_units(list(orders)))
