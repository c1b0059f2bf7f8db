"""What we read of Shopify's REST-shaped bodies, under Shopify's own names, of every API from 2016 to 2026.

Amounts, ids and quantities are `object`: Shopify has written each of them as a text and as a number.
"""

from msgspec import UNSET, Struct


class Money(Struct, gc=False):
    amount: object = None
    currency_code: str | None = None


class MoneySet(Struct, gc=False):
    """The same amount twice: in the shop's currency, which we count in, and in the one the buyer saw."""

    shop_money: Money | None = None
    presentment_money: Money | None = None


class Allocation(Struct, gc=False):
    amount: object = None


class TaxLine(Struct, gc=False):
    title: str | None = None
    price: object = None
    rate: object = None


class Line(Struct, gc=False):
    id: object = None
    sku: str | None = None
    title: str | None = None
    name: str | None = None
    variant_id: object = None
    product_id: object = None
    quantity: object = None  # ever ordered
    current_quantity: object = None  # still on the order; since API 2024-01
    fulfillable_quantity: object = None
    fulfillment_status: str | None = None
    price: object = None
    total_discount: object = None  # only what was "shown on the line"; allocations hold everything
    discount_allocations: list[Allocation] | None = None
    tax_lines: list[TaxLine] | None = None
    requires_shipping: bool | None = None
    gift_card: bool | None = None
    tip_payment_gateway: object = UNSET  # present on tips only, even when null


class ShippingLine(Struct, gc=False):
    title: str | None = None
    code: str | None = None
    price: object = None
    discounted_price: object = None
    discount_allocations: list[Allocation] | None = None
    tax_lines: list[TaxLine] | None = None
    is_removed: bool | None = None


class FulfilledLine(Struct, gc=False):
    id: object = None
    quantity: object = None


class Fulfillment(Struct, gc=False):
    status: str | None = None
    line_items: list[FulfilledLine] | None = None


class RefundedLine(Struct, gc=False):
    line_item_id: object = None
    quantity: object = None
    restock_type: str | None = None
    subtotal: object = None
    total_tax: object = None
    subtotal_set: MoneySet | None = None
    total_tax_set: MoneySet | None = None


class RefundedShipping(Struct, gc=False):
    """Since API 2024-10; before, refunded shipping was an adjustment."""

    subtotal_amount_set: MoneySet | None = None
    tax_amount_set: MoneySet | None = None


class Adjustment(Struct, gc=False):
    """Negative: more was given back than the lines say (shipping). Positive: less (a discrepancy)."""

    kind: str | None = None
    reason: str | None = None
    amount: object = None
    tax_amount: object = None
    amount_set: MoneySet | None = None
    tax_amount_set: MoneySet | None = None


class Transaction(Struct, gc=False):
    kind: str | None = None
    status: str | None = None
    amount: object = None
    currency: str | None = None


class Refund(Struct, gc=False):
    id: object = None
    order_id: object = None
    created_at: object = None
    processed_at: object = None
    note: str | None = None
    restock: bool | None = None
    refund_line_items: list[RefundedLine] | None = None
    refund_shipping_lines: list[RefundedShipping] | None = None
    order_adjustments: list[Adjustment] | None = None
    transactions: list[Transaction] | None = None
    total_duties_set: MoneySet | None = None
    total_additional_fees_set: MoneySet | None = None


class Place(Struct, gc=False):
    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province: str | None = None
    province_code: str | None = None
    zip: str | None = None
    country: str | None = None
    country_code: str | None = None
    phone: str | None = None
    latitude: object = None
    longitude: object = None


class Customer(Struct, gc=False):
    id: object = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None


class DiscountCode(Struct, gc=False):
    code: str | None = None
    amount: object = None
    type: str | None = None


class Attribute(Struct, gc=False):
    name: str | None = None
    value: object = None


class Order(Struct, gc=False):
    id: object = None
    name: str | None = None
    order_number: object = None
    created_at: object = None
    processed_at: object = None
    updated_at: object = None
    cancelled_at: object = None
    cancel_reason: str | None = None
    currency: str | None = None
    presentment_currency: str | None = None
    taxes_included: bool | None = None
    test: bool | None = None
    financial_status: str | None = None
    fulfillment_status: str | None = None
    total_price: object = None
    total_price_set: MoneySet | None = None
    current_total_price: object = None
    total_outstanding: object = None
    total_discounts: object = None
    total_tax: object = None
    total_tip_received: object = None
    total_shipping_price_set: MoneySet | None = None
    original_total_duties_set: MoneySet | None = None
    original_total_additional_fees_set: MoneySet | None = None
    total_cash_rounding_payment_adjustment_set: MoneySet | None = None
    line_items: list[Line] | None = None
    shipping_lines: list[ShippingLine] | None = None
    tax_lines: list[TaxLine] | None = None
    discount_codes: list[DiscountCode] | None = None
    fulfillments: list[Fulfillment] | None = None
    refunds: list[Refund] | None = None
    payment_gateway_names: list[object] | None = None
    gateway: str | None = None
    customer: Customer | None = None
    email: str | None = None
    contact_email: str | None = None
    phone: str | None = None
    shipping_address: Place | None = None
    billing_address: Place | None = None
    note: str | None = None
    note_attributes: list[Attribute] | None = None
    tags: object = None
    source_name: str | None = None
    po_number: str | None = None
