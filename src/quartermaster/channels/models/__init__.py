"""Rows of the stage, by what they are about."""

from quartermaster.channels.models.back import Cancellation, CancelledLine, Payout
from quartermaster.channels.models.bulk import BulkWrite
from quartermaster.channels.models.comparing import Comparison, Drift, Seen
from quartermaster.channels.models.contents import Content, ContentPush
from quartermaster.channels.models.goods import Aged, Dirty, Goods, Listing, Push
from quartermaster.channels.models.prices import ListPrice, PriceBatch, PriceList, Pricing, Sale
from quartermaster.channels.models.sent_prices import ListingPrice, PriceDirty, PricePush, PriceStood
from quartermaster.channels.models.shops import Hooks, Queue, Shipment, Shop

__all__ = [
    "Aged",
    "BulkWrite",
    "Cancellation",
    "CancelledLine",
    "Comparison",
    "Content",
    "ContentPush",
    "Dirty",
    "Drift",
    "Goods",
    "Hooks",
    "ListPrice",
    "Listing",
    "ListingPrice",
    "Payout",
    "PriceBatch",
    "PriceDirty",
    "PriceList",
    "PricePush",
    "PriceStood",
    "Pricing",
    "Push",
    "Queue",
    "Sale",
    "Seen",
    "Shipment",
    "Shop",
]
