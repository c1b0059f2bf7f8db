"""What we read of an order of the Orders API 2026-01-01, under Amazon's own names.

Amounts are texts by its model; they are `object` here, and read whatever they are.
"""

from msgspec import Struct


class Money(Struct, gc=False, rename="camel"):
    amount: object = None
    currency_code: str | None = None


class Detail(Struct, gc=False, rename="camel"):
    """The part of a tax or discount that falls on one kind of proceeds."""

    subtype: str | None = None
    value: Money | None = None


class Breakdown(Struct, gc=False, rename="camel"):
    """ITEM, SHIPPING, GIFT_WRAP, COD_FEE, TAX, DISCOUNT, DELIVERY_TIP or OTHER."""

    type: str | None = None
    subtotal: Money | None = None
    detailed_breakdowns: list[Detail] | None = None


class OrderProceeds(Struct, gc=False, rename="camel"):
    grand_total: Money | None = None
    breakdowns: list[Breakdown] | None = None


class ItemProceeds(Struct, gc=False, rename="camel"):
    proceeds_total: Money | None = None
    breakdowns: list[Breakdown] | None = None


class Range(Struct, gc=False, rename="camel"):
    earliest_date_time: str | None = None
    latest_date_time: str | None = None


class Price(Struct, gc=False, rename="camel"):
    unit_price: Money | None = None


class Customization(Struct, gc=False, rename="camel"):
    customized_url: str | None = None


class Product(Struct, gc=False, rename="camel"):
    asin: str | None = None
    title: str | None = None
    seller_sku: str | None = None
    price: Price | None = None
    customization: Customization | None = None


class Promotion(Struct, gc=False, rename="camel"):
    promotion_id: str | None = None


class Promotions(Struct, gc=False, rename="camel"):
    breakdowns: list[Promotion] | None = None


class Request(Struct, gc=False, rename="camel"):
    requester: str | None = None
    cancel_reason: str | None = None


class Execution(Struct, gc=False, rename="camel"):
    cancelled_by: str | None = None
    cancel_reason: str | None = None


class Cancellation(Struct, gc=False, rename="camel"):
    cancellation_request: Request | None = None
    cancellation_execution: Execution | None = None


class Gift(Struct, gc=False, rename="camel"):
    gift_message: str | None = None
    gift_wrap_level: str | None = None


class Packing(Struct, gc=False, rename="camel"):
    gift_option: Gift | None = None


class Constraints(Struct, gc=False, rename="camel"):
    cash_on_delivery: str | None = None
    signature_confirmation: str | None = None
    recipient_age_verification: str | None = None


class Shipping(Struct, gc=False, rename="camel"):
    shipping_constraints: Constraints | None = None


class ItemFulfillment(Struct, gc=False, rename="camel"):
    quantity_fulfilled: object = None
    quantity_unfulfilled: object = None
    packing: Packing | None = None
    shipping: Shipping | None = None


class Measurement(Struct, gc=False, rename="camel"):
    unit: str | None = None


class Item(Struct, gc=False, rename="camel"):
    order_item_id: object = None
    quantity_ordered: object = None
    measurement: Measurement | None = None
    product: Product | None = None
    proceeds: ItemProceeds | None = None
    promotion: Promotions | None = None
    cancellation: Cancellation | None = None
    fulfillment: ItemFulfillment | None = None


class Associated(Struct, gc=False, rename="camel"):
    order_id: str | None = None
    association_type: str | None = None


class SalesChannel(Struct, gc=False, rename="camel"):
    channel_name: str | None = None
    marketplace_id: str | None = None
    marketplace_name: str | None = None


class Buyer(Struct, gc=False, rename="camel"):
    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_purchase_order_number: str | None = None


class Place(Struct, gc=False, rename="camel"):
    name: str | None = None
    company_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    address_line3: str | None = None
    city: str | None = None
    district_or_county: str | None = None
    state_or_region: str | None = None
    municipality: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    phone: str | None = None


class Preference(Struct, gc=False, rename="camel"):
    drop_off_location: str | None = None
    address_instruction: str | None = None


class Recipient(Struct, gc=False, rename="camel"):
    delivery_address: Place | None = None
    delivery_preference: Preference | None = None


class Fulfillment(Struct, gc=False, rename="camel"):
    fulfillment_status: str | None = None
    fulfilled_by: str | None = None
    fulfillment_service_level: str | None = None
    ship_by_window: Range | None = None
    deliver_by_window: Range | None = None


class Execute(Struct, gc=False, rename="camel"):
    payment_method: str | None = None
    payment_amount: Money | None = None


class Payment(Struct, gc=False, rename="camel"):
    payment_executions: list[Execute] | None = None


class Order(Struct, gc=False, rename="camel"):
    order_id: object = None
    created_time: object = None
    last_updated_time: object = None
    programs: list[str] | None = None
    associated_orders: list[Associated] | None = None
    sales_channel: SalesChannel | None = None
    buyer: Buyer | None = None
    recipient: Recipient | None = None
    proceeds: OrderProceeds | None = None
    payment: Payment | None = None
    fulfillment: Fulfillment | None = None
    order_items: list[Item] | None = None
