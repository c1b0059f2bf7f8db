"""An order as told, as rows for the database."""

from typing import TYPE_CHECKING, Any

import msgspec

from quartermaster.orders.ports import Buyer, LineSold, RefundSold, Tender
from quartermaster.orders.rules.units import Units

if TYPE_CHECKING:
    from quartermaster.orders.actions.take_in import Told


def order_row(n: int, one: "Told", customer_id: int | None, status: str) -> dict[str, object]:
    order, totals = one.order, one.order.totals
    detail: dict[str, object] = dict(order.detail)
    for name in ("note", "tags", "doubts"):
        if getattr(order, name):
            detail[name] = getattr(order, name)
    if order.ship_by:
        detail["ship_by"] = order.ship_by
    if order.is_shipped_by_channel:
        detail["shipped_by_channel"] = True
    if totals.outstanding is not None and totals.outstanding != totals.total - totals.paid:
        detail["outstanding_minor"] = totals.outstanding
    return {
        "n": n,
        "connection_id": one.message.connection_id,
        "external_id": order.external_id,
        "external_name": order.external_name,
        "source_version": order.version,
        "placed_at": order.placed_at,
        "captured_at": one.message.received_at,
        "currency": order.currency,
        "items_minor": totals.items,
        "discount_minor": totals.discount,
        "shipping_minor": totals.shipping,
        "tax_minor": totals.tax,
        "fees_minor": totals.fees,
        "tip_minor": totals.tip,
        "rounding_minor": totals.rounding,
        "total_minor": totals.total,
        "paid_minor": totals.paid,
        "refunded_minor": max(totals.refunded, sum(refund.amount_minor for refund in order.refunds)),
        "is_tax_included": order.is_tax_included,
        "payment_state": order.payment_state,
        "presentment_currency": order.presentment_currency or order.currency,
        "presentment_total_minor": order.presentment_total_minor,
        "customer_id": customer_id,
        "buyer": order.buyer,
        "ship_to": order.ship_to,
        "bill_to": order.bill_to,
        "shipping_method": order.shipping_method,
        "detail": detail,
        "is_test": order.is_test,
        "cancelled_at": order.updated_at if order.is_cancelled else None,
        "cancelled_because": order.cancelled_because if order.is_cancelled else "",
        "status": status,
    }


def line_row(n: int, position: int, line: LineSold, units: Units, sku_id: int | None) -> dict[str, object]:
    return {
        "n": n,
        "position": position,
        "external_id": line.external_id,
        "code": line.code,
        "alias": line.channel_product,
        "sku_id": sku_id,
        "title": line.title,
        "unit_price_minor": line.unit_price_minor,
        "gross_minor": line.gross_minor,
        "discount_minor": line.discount_minor,
        "tax_minor": line.tax_minor,
        "is_shippable": line.is_shippable,
        "ordered": units.ordered,
        "open": units.open,
        "cancelled": units.cancelled,
        "sold": units.sold,
        "wanted": units.wanted,
        "fulfilled": units.fulfilled,
        "sent_back": units.sent_back,
        "cancelled_there": units.cancelled_there,
    }


def tender_row(n: int, tender: Tender) -> dict[str, Any]:
    return {"n": n, **msgspec.to_builtins(tender)}


def refund_row(n: int, refund: RefundSold) -> dict[str, Any]:
    return {"n": n, **msgspec.to_builtins(refund)}


def buyer_row(one: "Told") -> tuple[str, Buyer, dict[str, Any] | None]:
    """Connection slug, buyer and address: what a customer is recognised by."""
    address = one.order.ship_to
    return one.message.slug, one.order.buyer, None if address is None else msgspec.to_builtins(address)
