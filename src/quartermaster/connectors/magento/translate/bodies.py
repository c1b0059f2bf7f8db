"""What we read of Magento's orders and credit memos, under its own names.

Amounts are told twice, in the shop's own currency (`base_…`) and in the buyer's: only the former are read.
Amounts, ids and quantities are `object`: numbers of any kind, and texts out of extensions.
"""

from msgspec import Struct


class Place(Struct, gc=False):
    firstname: str | None = None
    lastname: str | None = None
    company: str | None = None
    street: list[object] | None = None
    city: str | None = None
    region: str | None = None
    region_code: str | None = None
    postcode: str | None = None
    country_id: str | None = None
    email: str | None = None
    telephone: str | None = None


class Item(Struct, gc=False):
    """A row of an order. A configurable is two rows, a bundle one more than it has parts: those that belong
    to another name it. Money is for the whole row, without tax."""

    item_id: object = None
    parent_item_id: object = None
    product_id: object = None
    product_type: str | None = None
    sku: str | None = None
    name: str | None = None
    is_virtual: object = None
    qty_ordered: object = None
    qty_canceled: object = None
    qty_refunded: object = None
    qty_shipped: object = None
    qty_returned: object = None
    base_price: object = None
    base_row_total: object = None  # after the discount; see `rows`
    base_row_total_incl_tax: object = None  # after the discount too
    base_discount_amount: object = None
    base_tax_amount: object = None
    base_discount_tax_compensation_amount: object = None
    base_weee_tax_applied_amount: object = None
    base_weee_tax_applied_row_amnt: object = None


class Payment(Struct, gc=False):
    method: str | None = None
    last_trans_id: object = None
    base_amount_authorized: object = None


class Shipping(Struct, gc=False):
    address: Place | None = None
    method: str | None = None


class Assignment(Struct, gc=False):
    shipping: Shipping | None = None


class Extension(Struct, gc=False):
    shipping_assignments: list[Assignment] | None = None
    pickup_location_code: object = None
    base_gift_cards_amount: object = None
    base_customer_balance_amount: object = None
    base_reward_currency_amount: object = None


class Comment(Struct, gc=False):
    comment: object = None


class MemoItem(Struct, gc=False):
    order_item_id: object = None
    qty: object = None
    base_row_total: object = None
    base_discount_amount: object = None
    base_tax_amount: object = None
    base_discount_tax_compensation_amount: object = None


class Memo(Struct, gc=False):
    """A credit memo: money given back."""

    entity_id: object = None
    increment_id: object = None
    created_at: object = None
    state: object = None  # 1 open, 2 refunded, 3 cancelled
    base_grand_total: object = None
    base_shipping_amount: object = None
    items: list[MemoItem] | None = None
    comments: list[Comment] | None = None


class Order(Struct, gc=False):
    entity_id: object = None
    increment_id: object = None
    state: str | None = None
    status: str | None = None
    created_at: object = None
    updated_at: object = None
    base_currency_code: str | None = None
    order_currency_code: str | None = None
    grand_total: object = None
    base_grand_total: object = None
    base_subtotal: object = None
    base_discount_amount: object = None  # below zero
    base_discount_tax_compensation_amount: object = None
    base_shipping_discount_tax_compensation_amnt: object = None
    base_shipping_amount: object = None
    base_tax_amount: object = None
    base_total_paid: object = None
    base_total_refunded: object = None
    coupon_code: str | None = None
    discount_description: str | None = None
    customer_id: object = None
    customer_email: str | None = None
    customer_firstname: str | None = None
    customer_lastname: str | None = None
    customer_note: str | None = None
    relation_parent_real_id: object = None  # of the order this one took the place of
    relation_child_real_id: object = None  # of the one that took its place
    is_virtual: object = None
    shipping_description: str | None = None
    store_name: str | None = None
    items: list[Item] | None = None
    billing_address: Place | None = None
    payment: Payment | None = None
    extension_attributes: Extension | None = None
    creditmemos: list[Memo] | None = None  # put beside the order when it was fetched
