"""What we read of WooCommerce's bodies, under its own names: REST v1 to v3, and the Legacy API beside it.

Amounts, ids and quantities are `object`: shops and plugins write each of them as a text and as a number.
"""

from msgspec import Struct


class Line(Struct, gc=False):
    """Money is for the whole line, without tax; `subtotal` before discounts, `total` after them.

    `price` is a float and never read.
    """

    id: object = None
    name: str | None = None
    sku: str | None = None
    product_id: object = None
    variation_id: object = None
    quantity: object = None
    subtotal: object = None
    total: object = None
    total_tax: object = None


class ShippingLine(Struct, gc=False):
    method_title: str | None = None
    total: object = None


class FeeLine(Struct, gc=False):
    name: str | None = None
    title: str | None = None  # Legacy API
    total: object = None


class CouponLine(Struct, gc=False):
    code: str | None = None
    discount: object = None
    amount: object = None  # Legacy API


class TaxLine(Struct, gc=False):
    label: str | None = None
    title: str | None = None  # Legacy API
    rate_percent: object = None
    tax_total: object = None
    shipping_tax_total: object = None
    total: object = None  # Legacy API


class Refund(Struct, gc=False):
    """Inside an order WooCommerce tells id, reason and total; plugins and API answers add a date."""

    id: object = None
    reason: str | None = None
    refund: str | None = None  # the reason, in REST v1
    total: object = None
    amount: object = None
    date_created_gmt: object = None


class Place(Struct, gc=False):
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    address_1: str | None = None
    address_2: str | None = None
    city: str | None = None
    state: str | None = None
    postcode: str | None = None
    country: str | None = None
    email: str | None = None
    phone: str | None = None


class Payment(Struct, gc=False):
    """Legacy API."""

    method_id: str | None = None
    method_title: str | None = None
    paid: bool | None = None


class Order(Struct, gc=False):
    id: object = None
    number: object = None
    order_number: object = None  # Legacy API
    status: str | None = None
    currency: str | None = None
    date_created_gmt: object = None
    date_created: object = None  # the shop's local time, without an offset
    created_at: object = None  # Legacy API, UTC
    date_modified_gmt: object = None
    date_modified: object = None
    updated_at: object = None
    date_paid_gmt: object = None
    date_paid: object = None
    date_completed_gmt: object = None
    date_completed: object = None
    completed_at: object = None
    total: object = None
    total_tax: object = None
    shipping_total: object = None
    total_shipping: object = None  # Legacy API
    prices_include_tax: bool | None = None
    payment_method: str | None = None
    payment_method_title: str | None = None
    payment_details: Payment | None = None
    transaction_id: object = None
    line_items: list[Line] | None = None
    shipping_lines: list[ShippingLine] | None = None
    fee_lines: list[FeeLine] | None = None
    coupon_lines: list[CouponLine] | None = None
    tax_lines: list[TaxLine] | None = None
    refunds: list[Refund] | None = None
    customer_id: object = None
    customer_note: str | None = None
    note: str | None = None  # Legacy API
    billing: Place | None = None
    shipping: Place | None = None
    billing_address: Place | None = None
    shipping_address: Place | None = None
    created_via: str | None = None
