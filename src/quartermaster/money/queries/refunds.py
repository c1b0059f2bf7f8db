"""What is given back for orders, as people and programs read it: with the sum it is made of."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.money import Money
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.money.rules.due import line_refundable


class LineOfRefund(msgspec.Struct, frozen=True):
    """line: its id. Amounts in minor units; tax within or on top of them, as the order was sold."""

    line: str
    sku: str
    units: int
    items_minor: int
    discount_minor: int
    tax_minor: int


class RefundShown(msgspec.Struct, frozen=True):
    """A refund and its sum. state: due, settled (the channel says it was given back), withdrawn, nothing."""

    id: int
    number: str
    order: str
    cause: str
    cause_key: str
    state: str
    currency: str
    amount_minor: int
    items_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    fees_minor: int
    withheld_minor: int
    covered_minor: int
    is_tax_included: bool
    because: str
    at: datetime
    actor: str
    settled_at: datetime | None
    settled_because: str
    lines: tuple[LineOfRefund, ...]

    @property
    def sum(self) -> str:
        """EUR 20.00 items − EUR 2.00 discount + EUR 3.42 tax = EUR 21.42."""
        told = [
            *((name, getattr(self, f"{name}_minor"), 1) for name in ("items", "shipping", "fees")),
            *(() if self.is_tax_included else (("tax", self.tax_minor, 1),)),
            ("discount", self.discount_minor, -1),
            ("kept back", self.withheld_minor, -1),
            ("not paid or given back already", self.covered_minor, -1),
        ]
        text = ""
        for name, minor, way in told:
            if minor:
                sign = "−" if minor * way < 0 else "+"
                text += f" {sign} {_amount(abs(minor), self.currency)} {name}"
        text = text.removeprefix(" + ").strip() or "nothing"
        tax = f", {_amount(self.tax_minor, self.currency)} tax in it" if self.is_tax_included else ""
        return f"{text} = {_amount(self.amount_minor, self.currency)}{tax if self.tax_minor else ''}"


class LineRefundable(msgspec.Struct, frozen=True):
    """What of a line can still be given back: worth − refunded − due, never below zero. worth: what it cost
    after discounts, with its tax; refunded: what the channel gave back for it."""

    line: str
    sku: str
    worth_minor: int
    refunded_minor: int
    due_minor: int
    refundable_minor: int


class Refundable(msgspec.Struct, frozen=True):
    """refundable = paid − refunded − due: what of the order can still be given back."""

    order: str
    currency: str
    paid_minor: int
    refunded_minor: int
    due_minor: int
    refundable_minor: int
    lines: tuple[LineRefundable, ...]


REFUNDS = """
select row_to_json(x)::text from (
  select r.id, 'R-' || r.id as number, 'SO-' || r.order_id as order, r.cause, r.cause_key, r.state,
    r.currency, r.amount_minor, r.items_minor, r.discount_minor, r.shipping_minor, r.tax_minor, r.fees_minor,
    r.withheld_minor, r.covered_minor, r.is_tax_included, r.because, r.at, r.actor, r.settled_at,
    r.settled_because,
    coalesce((select json_agg(row_to_json(y)) from (
      select l.line_id::text as line, coalesce(s.code, o.code) as sku, l.units, l.items_minor,
        l.discount_minor, l.tax_minor
      from money_refund_line l join orders_line o on o.id = l.line_id
        left join catalog_sku s on s.id = o.sku_id
      where l.refund_id = r.id order by o.position) y), '[]') as lines
  from money_refund r
  where (%(orders)s::bigint[] is null or r.order_id = any(%(orders)s))
    and (%(state)s::text = '' or r.state = %(state)s)
    and (%(after)s::bigint is null or r.id < %(after)s)
  order by r.id desc limit %(limit)s) x
"""
ORDER = "select currency, paid_minor, refunded_minor from orders_order where id = %s"
TOLD = """
select l.id::text, coalesce(s.code, l.code),
  l.gross_minor - l.discount_minor + greatest(0, coalesce(u.items_now_minor - u.discount_now_minor, 0))
    + case when o.is_tax_included then 0
      else l.tax_minor + greatest(0, coalesce(u.tax_now_minor, 0)) end,
  coalesce((
    select sum((x->>'amount_minor')::bigint
      + case when o.is_tax_included then 0 else coalesce((x->>'tax_minor')::bigint, 0) end)
    from orders_refund r cross join jsonb_array_elements(r.lines) x
    where r.order_id = o.id and x->>'line_external_id' = l.external_id), 0)::bigint,
  coalesce((
    select sum(b.items_minor - b.discount_minor + case when o.is_tax_included then 0 else b.tax_minor end)
    from money_refund_line b join money_refund r on r.id = b.refund_id
    where b.line_id = l.id and r.state = 'due'), 0)::bigint
from orders_line l join orders_order o on o.id = l.order_id
  left join orders_ours u on u.line_id = l.id left join catalog_sku s on s.id = l.sku_id
where o.id = %s order by l.position
"""
_shown = msgspec.json.Decoder(RefundShown)


def refunds(*, state: str = "", after: str = "", limit: int = LIMIT) -> Page[RefundShown]:
    """In this state, or all of them; the newest first."""
    asked = {"orders": None, "state": state, "after": position(after), "limit": limit + 1}
    return cut([_shown.decode(row) for (row,) in sql.run(REFUNDS, asked)], limit, lambda row: row.id)


def refunds_of(order_ids: Sequence[int]) -> list[RefundShown]:
    """All of these orders, the newest first."""
    asked = {"orders": list(order_ids), "state": "", "after": None, "limit": None}
    return [_shown.decode(row) for (row,) in sql.run(REFUNDS, asked)]


def refundable(order_id: int) -> Refundable:
    """What of an order that exists can still be given back, by line. Two statements."""
    ((currency, paid, refunded),) = sql.run(ORDER, (order_id,))
    lines = []
    for line, sku, worth, told, due in sql.run(TOLD, (order_id,)):
        left = line_refundable(worth_minor=worth, refunded_minor=told, due_minor=due)
        lines.append(LineRefundable(line, sku, worth, told, due, left))
    open_now = sum(one.amount_minor for one in refunds_of([order_id]) if one.state == "due")
    left = max(0, paid - refunded - open_now)
    return Refundable(f"SO-{order_id}", currency, paid, refunded, open_now, left, tuple(lines))


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency)) if currency in EXPONENT else f"{minor} {currency}"
