"""What we read of Flipkart's shipments, under its own names. Amounts, ids and quantities are `object`."""

from msgspec import Struct, field


class Prices(Struct, gc=False):
    """Rupees with tax, for all units of the item. total = selling + shipping; the customer pays the discount
    less, and Flipkart pays it."""

    selling: object = field(name="sellingPrice", default=None)
    total: object = field(name="totalPrice", default=None)
    shipping: object = field(name="shippingCharge", default=None)
    customer: object = field(name="customerPrice", default=None)
    discount: object = field(name="flipkartDiscount", default=None)


class Item(Struct, gc=False):
    id: object = field(name="orderItemId", default=None)
    order_id: object = field(name="orderId", default=None)
    group: object = field(name="cancellationGroupId", default=None)
    ordered_at: object = field(name="orderDate", default=None)
    payment: str | None = field(name="paymentType", default=None)
    status: str | None = None
    because: str | None = field(name="cancellationReason", default=None)
    because_more: str | None = field(name="cancellationSubReason", default=None)
    quantity: object = None
    fsn: object = None
    sku: str | None = None
    listing: object = field(name="listingId", default=None)
    title: str | None = None
    prices: Prices | None = field(name="priceComponents", default=None)
    profile: str | None = field(name="serviceProfile", default=None)
    is_replacement: bool | None = None
    replaces: bool | None = field(name="isReplacement", default=None)  # its own documents have both names


class Shipment(Struct, gc=False):
    id: object = field(name="shipmentId", default=None)
    by: object = field(name="dispatchByDate", default=None)
    after: object = field(name="dispatchAfterDate", default=None)
    updated_at: object = field(name="updatedAt", default=None)
    location: object = field(name="locationId", default=None)
    hold: bool | None = None
    packaging: str | None = field(name="packagingPolicy", default=None)
    kind: str | None = field(name="shipmentType", default=None)
    items: list[Item] | None = field(name="orderItems", default=None)
