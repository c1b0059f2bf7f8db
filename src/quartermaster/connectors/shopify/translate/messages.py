"""Which message is it? Told by content first: a body without a topic, or with a wrong one, is still read."""

from datetime import datetime

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.entries import each
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.leaves import identity, no_order
from quartermaster.connectors.shapes import fit
from quartermaster.connectors.shopify.translate import bodies, fetched
from quartermaster.connectors.shopify.translate.order import order_id, order_sold
from quartermaster.connectors.shopify.translate.refunds import paid_back, refund_sold, shop_currency
from quartermaster.orders.ports import Ignored, OrderRemoved, OrderSold, Reading, RefundNotice, Unreadable

ORDER_TOPICS = {
    "orders/create",
    "orders/updated",
    "orders/paid",
    "orders/cancelled",
    "orders/fulfilled",
    "orders/partially_fulfilled",
}
EDITED = "An order edit names only what changed; the orders/updated that comes with it has the whole order."
# What a body is, by the one key it is wrapped in.
WRAPPED = {
    "order_edit": EDITED,
    "draft_order": "A draft order: once it is completed, it comes as orders/create.",
    "fulfillment_order": "A fulfillment order is Shopify's routing; which site ships is decided here.",
    "fulfillment": "A fulfillment on its own; the orders/updated that comes with it counts the units.",
    "checkout": "A checkout is no order yet.",
    "transaction": "A payment on its own; the orders/updated that comes with it has what is paid.",
    "product": "A product: it changes no order.",
    "customer": "A customer: who bought is read from each order.",
    "return": "A return on its own; units that came back are counted in orders/updated.",
    "count": "A count, and no order.",
    "errors": "Shopify answered with an error instead of an order.",
}
# Of an order that comes with them, or should.
PARTIAL = {"order_edit", "fulfillment", "transaction", "return"}
# What a bare body is, by a key that nothing else has.
BARE = {
    "assigned_location_id": "fulfillment_order",
    "invoice_url": "draft_order",
    "invoice_sent_at": "draft_order",
    "abandoned_checkout_url": "checkout",
    "tracking_numbers": "fulfillment",
    "tracking_company": "fulfillment",
}
# What Shopify asks of every app for the sake of its customers, by a key (or a topic) that nothing else has.
PRIVACY = {
    "data_request": "Shopify asks for what is kept about a customer: somebody has to answer.",
    "orders_to_redact": "Shopify asks to erase what is kept about a customer: somebody has to do it.",
    "shop/redact": "Shopify asks to erase what is kept about the shop, which has removed the app.",
}
_ORDER_MARKS = (
    "line_items",
    "financial_status",
    "order_number",
    "total_price",
    "fulfillment_status",
    "order_status_url",
)


def read(*, topic: str, body: bytes, received_at: datetime) -> Reading:
    """What the message says. Raises Unreadable for what is no message of Shopify's or lacks its id."""
    value, doubts = load(body)
    for mark, because in PRIVACY.items():
        if mark == topic or (isinstance(value, dict) and mark in value and "id" not in value):
            return Ignored(because)
    if (
        isinstance(value, dict) and "id" not in value and "line_items" not in value
    ):  # a wrapper, and no object itself
        for key in ("order", "orders"):
            if key in value:
                return each(value[key], lambda raw: _order(raw, received_at, doubts), name=key)
        for key in ("refund", "refunds"):
            if key in value:
                return each(value[key], lambda raw: _refund(raw, received_at), name=key)
        for key, because in WRAPPED.items():
            if key in value or f"{key}s" in value:
                return Ignored(because, is_hint=key in PARTIAL)
    return each(value, lambda raw: _bare(raw, topic, received_at, doubts), name="the body")


def _bare(
    raw: dict[str, object], topic: str, received_at: datetime, doubts: list[str]
) -> OrderSold | RefundNotice | OrderRemoved | Ignored:
    """An object as webhooks send it, without a wrapper; or an order as it is fetched."""
    if fetched.MARK in raw:
        return _order(fetched.as_sent(raw, doubts), received_at, doubts)
    if "financial_status" in raw and "line_items" in raw:  # nearly always
        return _order(raw, received_at, doubts)
    if "refund_line_items" in raw or "order_adjustments" in raw:
        return _refund(raw, received_at)
    for key, kind in BARE.items():
        if key in raw:
            return Ignored(WRAPPED[kind], is_hint=kind in PARTIAL)
    if sum(mark in raw for mark in _ORDER_MARKS) >= 2:
        return _order(raw, received_at, doubts)
    if topic == "orders/delete":
        return _removed(raw, received_at)
    if topic == "orders/edited":
        return Ignored(EDITED, is_hint=True)
    if topic in ORDER_TOPICS:
        return _order(raw, received_at, doubts)
    if "data" in raw and not topic:
        return Ignored("An answer of Shopify's GraphQL API; webhooks and REST bodies are read here.")
    return Ignored(no_order(raw, topic))


def _order(raw: dict[str, object], received_at: datetime, doubts: list[str]) -> OrderSold:
    return order_sold(raw, received_at=received_at, doubts=doubts.copy())


def _removed(raw: dict[str, object], received_at: datetime) -> OrderRemoved:
    external_id = order_id(raw.get("id"))
    if not external_id:
        raise Unreadable("An orders/delete without the id of the order.")
    return OrderRemoved(external_id, received_at, "The order was deleted in Shopify.")


def _refund(raw: dict[str, object], received_at: datetime) -> RefundNotice | Ignored:
    doubts: list[str] = []
    refund = fit(raw, bodies.Refund, doubts)
    order = order_id(refund.order_id)
    if not identity(refund.id):
        if any(t.kind == "suggested_refund" for t in refund.transactions or ()) or "shipping" in raw:
            return Ignored("A refund that was only calculated: nothing was paid back.")
        raise Unreadable("A refund without a usable id.")
    if not order:
        raise Unreadable(f"Refund {identity(refund.id)} does not say which order it is for.")
    amounts = Amounts(shop_currency(refund), doubts)
    sold = refund_sold(refund, amounts, received_at)
    if sold is not None:
        return RefundNotice(order, sold, amounts.currency)
    if paid_back(refund):
        return Ignored(
            f"{' '.join(doubts)} The orders/updated that comes with it has the amount in the shop's currency."
        )
    return Ignored(
        "This refund paid nothing back; the orders/updated that comes with it has the units it took off."
    )
