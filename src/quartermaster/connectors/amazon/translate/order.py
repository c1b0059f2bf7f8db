"""A whole order of Amazon, as the Orders API 2026-01-01 answers it."""

from datetime import datetime

from quartermaster.connectors.amazon.marketplaces import BY_ID, Marketplace
from quartermaster.connectors.amazon.translate import bodies
from quartermaster.connectors.amazon.translate.lines import asks_cancel, lines_sold
from quartermaster.connectors.amazon.translate.money import Summed, summed, tenders
from quartermaster.connectors.amazon.translate.status import Status, read_status
from quartermaster.connectors.amazon.translate.words import address, buyer, note
from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import cut, identity, moment
from quartermaster.connectors.shapes import fit
from quartermaster.connectors.versions import UNDATED, seal
from quartermaster.orders.ports import Ignored, OrderSold, Unreadable

ELSEWHERE = "Amazon only ships it: it was sold elsewhere, and is known from there."
_TAGS_MAX = 20
_REPLACES = {"REPLACEMENT_ORIGINAL_ID": "replacement", "EXCHANGE_ORIGINAL_ID": "exchange"}


def order_told(raw: dict[str, object], *, received_at: datetime, doubts: list[str]) -> OrderSold | Ignored:
    """The order in our words. Unreadable only without a usable id; every other oddity is a doubt."""
    external_id = identity(raw.get("orderId"))
    if not external_id:
        raise Unreadable(f"An order without a usable id (it is {str(raw.get('orderId'))[:40]!r}).")
    order = fit(raw, bodies.Order, doubts)
    if (order.sales_channel or bodies.SalesChannel()).channel_name == "NON_AMAZON":
        return Ignored(ELSEWHERE)
    return _sold(order, external_id, received_at, doubts)


def _sold(order: bodies.Order, external_id: str, received_at: datetime, doubts: list[str]) -> OrderSold:
    changed_at = moment(order.last_updated_time, "lastUpdatedTime", doubts)
    if order.order_items is None:
        doubts.append("It has no list of lines: this is only a part of an order.")
        changed_at = None  # never replaces a whole one
    elif changed_at is None:
        doubts.append("It does not say when it was last changed: any dated version of it counts as newer.")
    placed_at = moment(order.created_time, "createdTime", doubts) or changed_at or UNDATED
    items, status, market = order.order_items or [], read_status(order, doubts), _market(order, doubts)
    amounts = Amounts(_currency(order, items, market), doubts)
    lines, of_lines = lines_sold(items, status, amounts)
    inside = market is not None and market.is_tax_included
    found = summed(order, lines, of_lines, status, amounts, has_tax_inside=inside)
    window = (order.fulfillment or bodies.Fulfillment()).ship_by_window or bodies.Range()
    ship_by = moment(window.latest_date_time, "shipByWindow", doubts)
    asks = [*status.asks_hold, *([] if status.is_amazons or status.is_gone else asks_cancel(items))]
    told = OrderSold(
        external_id=external_id,
        external_name=external_id,
        version="",
        placed_at=placed_at,
        updated_at=changed_at or placed_at,
        currency=amounts.currency[:8],
        totals=found.totals,
        is_tax_included=found.is_tax_included,
        payment_state=status.payment,
        lines=lines,
        buyer=buyer(order),
        ship_to=address(order, doubts),
        tenders=tenders(order, found.totals.total, status, amounts),
        shipping_method=cut((order.fulfillment or bodies.Fulfillment()).fulfillment_service_level),
        is_cancelled=status.is_gone,
        cancelled_because=_because(items) if status.is_gone else "",
        note=note(order, items),
        tags=_tags(order, status),
        detail=_detail(order, status, found, amounts),
        doubts=tuple(dict.fromkeys(doubts)) if doubts else (),
        asks_hold=tuple(asks),
        ship_by=None if status.is_gone else ship_by,
        is_shipped_by_channel=status.is_amazons or status.needs_their_label,
        tells_refunds=False,
    )
    progress = f"{status.rank}{min(sum(line.fulfilled + line.cancelled for line in lines), 10**12):013}"
    return seal(told, changed_at=changed_at, progress=progress, received_at=received_at)


def _market(order: bodies.Order, doubts: list[str]) -> Marketplace | None:
    named = (order.sales_channel or bodies.SalesChannel()).marketplace_id or ""
    found = BY_ID.get(named)
    if found is None:
        doubts.append(
            f"The marketplace {named[:40]!r} is not known." if named else "No marketplace is given."
        )
    return found


def _currency(order: bodies.Order, items: list[bodies.Item], market: Marketplace | None) -> str:
    """As told; that of the marketplace while an order has no price yet."""
    grand = order.proceeds.grand_total if order.proceeds else None
    prices = [item.product.price.unit_price for item in items if item.product and item.product.price]
    told = [one.currency_code for one in (grand, *prices) if one is not None and one.currency_code]
    return told[0].strip().upper() if told else market.currency if market else ""


def _because(items: list[bodies.Item]) -> str:
    for item in items:
        done = item.cancellation.cancellation_execution if item.cancellation else None
        if done is not None and (done.cancel_reason or done.cancelled_by):
            by = (done.cancelled_by or "").capitalize()
            return cut(": ".join(part for part in (by, done.cancel_reason) if part), 500)
    return "The order is cancelled at Amazon."


def _tags(order: bodies.Order, status: Status) -> tuple[str, ...]:
    told = [cut(str(one).lower(), 80) for one in order.programs or ()]
    told += [_REPLACES.get(one.association_type or "", "") for one in order.associated_orders or ()]
    return tuple(dict.fromkeys(tag for tag in ("fba" if status.is_amazons else "", *told) if tag))[:_TAGS_MAX]


def _detail(order: bodies.Order, status: Status, found: Summed, amounts: Amounts) -> dict[str, object]:
    """What is shown with the order and never computed with."""
    told: dict[str, object] = {"status": status.name[:80]}
    fulfillment, channel = (
        order.fulfillment or bodies.Fulfillment(),
        order.sales_channel or bodies.SalesChannel(),
    )
    named = {
        "marketplace": channel.marketplace_name or channel.marketplace_id,
        "fulfilled_by": fulfillment.fulfilled_by,
        "ship_window": _window(fulfillment.ship_by_window),
        "delivery_window": _window(fulfillment.deliver_by_window),
        "purchase_order": (order.buyer or bodies.Buyer()).buyer_purchase_order_number,
        "replaces": next((one.order_id for one in order.associated_orders or () if one.order_id), None),
    }
    told |= {name: cut(value) for name, value in named.items() if value}
    items = order.order_items or []
    promotions = [
        cut(each.promotion_id) for item in items[:100] for each in _promotions(item) if each.promotion_id
    ]
    if promotions:
        told["discount_codes"] = list(dict.fromkeys(promotions))
    custom = [cut(url, 2_000) for item in items[:100] if (url := _customized(item))]
    if custom:
        told["customizations"] = custom
    if found.withheld_minor:
        told["tax_paid_on_by_amazon"] = amounts.told(found.withheld_minor)
    return told


def _window(told: bodies.Range | None) -> str:
    """As Amazon wrote it."""
    moments = (told.earliest_date_time, told.latest_date_time) if told else ()
    return " to ".join(each for each in moments if each)


def _promotions(item: bodies.Item) -> list[bodies.Promotion]:
    return (item.promotion.breakdowns if item.promotion else None) or []


def _customized(item: bodies.Item) -> str | None:
    made = item.product.customization if item.product else None
    return made.customized_url if made else None
