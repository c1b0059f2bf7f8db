"""A whole Magento order, as it was fetched."""

from datetime import datetime

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import cut, identity, moment
from quartermaster.connectors.magento.translate import bodies
from quartermaster.connectors.magento.translate.lines import lines_sold
from quartermaster.connectors.magento.translate.money import paid, refunds_sold, tenders, totals
from quartermaster.connectors.magento.translate.state import State, method, payment, read_state
from quartermaster.connectors.magento.translate.words import PICKUP, address, buyer
from quartermaster.connectors.shapes import as_text, fit
from quartermaster.connectors.versions import UNDATED, seal
from quartermaster.orders.ports import OrderSold, Unreadable


def order_told(raw: dict[str, object], *, received_at: datetime, doubts: list[str]) -> OrderSold:
    """The order in our words. Unreadable only without a usable id; every other oddity is a doubt."""
    external_id = identity(raw.get("entity_id"))
    if not external_id:
        raise Unreadable(f"An order without a usable id (it is {str(raw.get('entity_id'))[:40]!r}).")
    order = fit(raw, bodies.Order, doubts)
    return _sold(order, external_id, read_state(order, doubts), received_at, doubts)


def _sold(
    order: bodies.Order, external_id: str, state: State, received_at: datetime, doubts: list[str]
) -> OrderSold:
    amounts = Amounts((order.base_currency_code or "").strip().upper(), doubts)
    changed_at = moment(order.updated_at, "updated_at", doubts)
    if order.items is None:
        doubts.append("It has no list of items: this is only a part of an order.")
        changed_at = None  # never replaces a whole one
    elif changed_at is None:
        doubts.append("It does not say when it was last changed: any dated version of it counts as newer.")
    placed_at = moment(order.created_at, "created_at", doubts) or changed_at or UNDATED
    refunds = refunds_sold(order, placed_at, amounts)
    lines = lines_sold(order.items or [], order.base_subtotal, state.name, amounts)
    found = totals(order, lines, refunds, amounts)
    payment_state = payment(state, paid(order, found, amounts), method(order))
    bought_in, bought_for = _presentment(order, amounts)
    holds = [each for each in (state.asks_hold, _pickup(order)) if each]
    told = OrderSold(
        external_id=external_id,
        external_name=f"#{cut(as_text(order.increment_id) or external_id)}",
        version="",
        placed_at=placed_at,
        updated_at=changed_at or placed_at,
        currency=amounts.currency[:8],
        totals=found,
        is_tax_included=False,
        payment_state=payment_state,
        lines=lines,
        buyer=buyer(order),
        ship_to=address(_delivery(order, doubts).address, "shipping", doubts),
        bill_to=address(order.billing_address, "billing", doubts),
        tenders=tenders(order, found, payment_state, amounts),
        refunds=refunds,
        presentment_currency=bought_in,
        presentment_total_minor=bought_for,
        shipping_method=cut(order.shipping_description),
        is_cancelled=state.is_cancelled,
        cancelled_because=_because(order) if state.is_cancelled else "",
        note=cut(order.customer_note, 5_000),
        detail=_detail(order),
        doubts=tuple(dict.fromkeys(doubts)) if doubts else (),
        asks_hold=tuple(holds),
    )
    moved = sum(line.fulfilled + line.cancelled for line in lines)
    progress = f"{state.rank}{min(moved, 99_999_999):08}{found.refunded:016}"
    return seal(told, changed_at=changed_at, progress=progress, received_at=received_at)


def _because(order: bodies.Order) -> str:
    """Who edits an order in the admin cancels it: another one with what was changed takes its place."""
    if follower := cut(as_text(order.relation_child_real_id), 80):
        return f"The order was edited in Magento: #{follower} took its place."
    return "The order is cancelled in Magento."


def _presentment(order: bodies.Order, amounts: Amounts) -> tuple[str, int | None]:
    """The buyer's currency and total, where it is not the shop's own."""
    currency = (order.order_currency_code or "").strip().upper()[:8]
    if not currency or currency == amounts.currency:
        return "", None
    return currency, Amounts(currency, amounts.doubts).minor(order.grand_total, "grand_total")


def _delivery(order: bodies.Order, doubts: list[str]) -> bodies.Shipping:
    told = order.extension_attributes.shipping_assignments if order.extension_attributes else None
    if told and len(told) > 1:
        doubts.append(f"It goes to {len(told)} addresses; the first is taken.")
    return (told[0].shipping if told else None) or bodies.Shipping()


def _pickup(order: bodies.Order) -> str:
    """The address of such an order is the store's own."""
    extension = order.extension_attributes
    place = cut(as_text(extension.pickup_location_code) if extension else "", 80)
    if not place and _delivery(order, []).method != PICKUP:
        return ""
    return f"The buyer picks it up{f' at {place}' if place else ''}: it is not sent."


def _detail(order: bodies.Order) -> dict[str, object]:
    """What is shown with the order and never computed with: texts as they were written."""
    found: dict[str, object] = {"state": cut(order.state, 80), "status": cut(order.status, 80)}
    if order.coupon_code:
        found["discount_codes"] = [{"code": cut(order.coupon_code)}]
    if order.discount_description:
        found["discount"] = cut(order.discount_description)
    if gateway := method(order):
        found["payment_method"] = cut(gateway)
    if how := _delivery(order, []).method:
        found["shipping_method"] = cut(how)
    if before := cut(as_text(order.relation_parent_real_id), 80):
        found["replaces"] = f"#{before}"
    if order.store_name:
        found["source"] = cut(order.store_name.replace("\n", " / "))
    return {name: value for name, value in found.items() if value}
