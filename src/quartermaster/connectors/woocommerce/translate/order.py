"""A whole WooCommerce order, whatever topic or answer it came with."""

import re
from datetime import datetime

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import cut, identity, moment, texts
from quartermaster.connectors.shapes import as_text, fit
from quartermaster.connectors.versions import UNDATED, seal
from quartermaster.connectors.woocommerce.translate import bodies
from quartermaster.connectors.woocommerce.translate.lines import lines_sold
from quartermaster.connectors.woocommerce.translate.money import payment_after, refunds_sold, tenders, totals
from quartermaster.connectors.woocommerce.translate.status import (
    DRAFTS,
    TRASH,
    Progress,
    Status,
    name_of,
    read_status,
)
from quartermaster.connectors.woocommerce.translate.words import address, buyer, plain
from quartermaster.orders.ports import Ignored, OrderRemoved, OrderSold, RefundSold, Unreadable

_CODE, _TAX, _FEE = ("code", "amount"), ("title", "rate", "amount"), ("title", "amount")
_HAS_OFFSET = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")


def order_told(
    raw: dict[str, object], *, received_at: datetime, doubts: list[str]
) -> OrderSold | OrderRemoved | Ignored:
    """The order in our words. Unreadable only without a usable id; every other oddity is a doubt."""
    external_id = identity(raw.get("id"))
    if not external_id:
        raise Unreadable(f"An order without a usable id (it is {str(raw.get('id'))[:40]!r}).")
    name = name_of(raw.get("status"))
    if name in DRAFTS:
        return Ignored(f"Order {external_id} is still a draft ({name}).")
    if name == TRASH:
        return OrderRemoved(external_id, received_at, "The order was moved to the trash in WooCommerce.")
    order = fit(raw, bodies.Order, doubts)
    return _sold(order, external_id, read_status(order, doubts), received_at, doubts)


def _sold(
    order: bodies.Order, external_id: str, status: Status, received_at: datetime, doubts: list[str]
) -> OrderSold:
    amounts = Amounts((order.currency or "").strip().upper(), doubts)
    changed_at = _moment(
        order.date_modified_gmt or order.updated_at, order.date_modified, "date_modified", doubts
    )
    placed_at = _moment(
        order.date_created_gmt or order.created_at, order.date_created, "date_created", doubts
    )
    if order.line_items is None:
        doubts.append("It has no list of lines: this is only a part of an order.")
        changed_at = None  # never replaces a whole one
    elif changed_at is None:
        doubts.append("It does not say when it was last changed: any dated version of it counts as newer.")
    placed_at = placed_at or changed_at or UNDATED
    refunds = refunds_sold(order, placed_at, amounts)
    lines = lines_sold(order.line_items or [], status.progress, amounts)
    found, lines = totals(order, lines, refunds, status, amounts)
    if refunds and status.progress is Progress.WAITING:
        doubts.append(_unclear_units(refunds, amounts))
    told = OrderSold(
        external_id=external_id,
        external_name=f"#{cut(as_text(order.number) or as_text(order.order_number) or external_id)}",
        version="",
        placed_at=placed_at,
        updated_at=changed_at or placed_at,
        currency=amounts.currency[:8],
        totals=found,
        is_tax_included=False,
        payment_state=payment_after(status.payment, found.total, refunds),
        lines=lines,
        buyer=buyer(order),
        ship_to=address(order.shipping or order.shipping_address, "shipping", doubts),
        bill_to=address(order.billing or order.billing_address, "billing", doubts),
        tenders=tenders(order, found, status),
        refunds=refunds,
        shipping_method=plain(
            ", ".join(s.method_title for s in order.shipping_lines or () if s.method_title)
        ),
        is_cancelled=status.progress is Progress.GONE,
        cancelled_because=f"The order is {status.name} in WooCommerce."
        if status.progress is Progress.GONE
        else "",
        note=plain(order.customer_note or order.note, 5_000),
        detail=_detail(order, status),
        doubts=tuple(dict.fromkeys(doubts)) if doubts else (),
        asks_hold=(status.asks_hold,) if status.asks_hold else (),
    )
    progress = f"{status.rank}{min(len(lines), 9_999):04}{found.refunded:016}"
    return seal(told, changed_at=changed_at, progress=progress, received_at=received_at)


def _moment(gmt: object, local: object, what: str, doubts: list[str]) -> datetime | None:
    """WordPress tells UTC beside the shop's local time; the latter alone is taken as UTC, and named."""
    found = moment(gmt, f"{what}_gmt", doubts)
    if found is None and (found := moment(local, what, doubts)) and not _HAS_OFFSET.search(str(local)):
        doubts.append(f"{what} is only told in the shop's local time; taken as UTC.")
    return found


def _unclear_units(refunds: tuple[RefundSold, ...], amounts: Amounts) -> str:
    given = amounts.told(sum(refund.amount_minor for refund in refunds))
    return f"{given} was refunded before shipping, and not for which units: check what is still wanted."


def _detail(order: bodies.Order, status: Status) -> dict[str, object]:
    """What is shown with the order and never computed with: texts as they were written."""
    found: dict[str, object] = {"status": status.name[:80]}
    if order.coupon_lines:
        found["discount_codes"] = [
            texts(_CODE, plain(c.code), c.discount or c.amount) for c in order.coupon_lines
        ]
    if order.tax_lines:
        found["tax_lines"] = [
            texts(_TAX, plain(t.label or t.title), t.rate_percent, t.tax_total or t.total)
            for t in order.tax_lines
        ]
    if order.fee_lines:
        found["fee_lines"] = [texts(_FEE, plain(f.name or f.title), f.total) for f in order.fee_lines]
    if order.payment_method_title:
        found["payment_method"] = plain(order.payment_method_title)
    if order.created_via:
        found["source"] = cut(order.created_via)
    if order.prices_include_tax:
        found["prices_entered"] = "with tax"
    return found
