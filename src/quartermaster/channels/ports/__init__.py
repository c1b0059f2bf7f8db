"""What we need of a shop beyond its webhooks, a port for each thing it may be able to do.

A plug offers those its shop has: `Channel` first of all. Adapters pass
quartermaster.testing.conformance.channels and those beside it. Each call ends within 20 seconds. What went
wrong is said by the errors of `core.outside`; any other exception counts as Unclear.
"""

from quartermaster.channels.ports.back import (
    Cancellation,
    CancelledLine,
    Cancels,
    Refund,
    RefundedLine,
    Refunds,
)
from quartermaster.channels.ports.bulk import Bulk, Laid, Progress
from quartermaster.channels.ports.contents import Content, ContentField, Contents
from quartermaster.channels.ports.goods import (
    Count,
    Listed,
    Listing,
    ListingNeeds,
    Listings,
    Price,
    Taken,
)
from quartermaster.channels.ports.hooks import Hook, Hooks, QueueHooks, Queues, Signs, Waiting
from quartermaster.channels.ports.orders import Change, Changes, Channel, Shipment, ShippedLine, Told

__all__ = [
    "Bulk",
    "Cancellation",
    "CancelledLine",
    "Cancels",
    "Change",
    "Changes",
    "Channel",
    "Content",
    "ContentField",
    "Contents",
    "Count",
    "Hook",
    "Hooks",
    "Laid",
    "Listed",
    "Listing",
    "ListingNeeds",
    "Listings",
    "Price",
    "Progress",
    "QueueHooks",
    "Queues",
    "Refund",
    "RefundedLine",
    "Refunds",
    "Shipment",
    "ShippedLine",
    "Signs",
    "Taken",
    "Told",
    "Waiting",
]
