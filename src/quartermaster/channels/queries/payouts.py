"""Refunds that can be given back through their shop, and one as the shop is told of it."""

from typing import NamedTuple

import msgspec

from quartermaster.channels.ports import Refund, RefundedLine, Refunds
from quartermaster.channels.rules.payouts import Standing, why_not
from quartermaster.core import plugs, sql
from quartermaster.core.errors import NotFound

# Told by us and not yet heard back: the shop's own count has not risen by it since it was asked.
STANDING = """
select r.id, r.order_id, s.connection_id, c.slug, r.currency, r.shipping_minor, o.refunded_minor,
  jsonb_build_object('state', r.state, 'amount_minor', r.amount_minor, 'paid_minor', o.paid_minor,
    'refunded_minor', o.refunded_minor, 'is_test', o.is_test,
    'is_live', coalesce(s.mode = 'live' and c.is_active, false),
    'pays_back', c.kind = any(%(kinds)s),
    'is_under_way', exists (
      select from channels_payout p where p.order_id = o.id and p.state = 'queued'),
    'unheard_minor', greatest(0, coalesce((
      select max(p.told_minor + p.amount_minor) from channels_payout p
      where p.order_id = o.id and p.state = 'told'), 0) - o.refunded_minor))::text
from money_refund r join orders_order o on o.id = r.order_id
join inbox_connection c on c.id = o.connection_id
left join channels_shop s on s.connection_id = o.connection_id
where r.id = %(refund)s or (%(refund)s::bigint is null and r.order_id = %(order)s and r.state = 'due')
order by r.id
"""
LINES = """
select l.external_id, l.code, x.units,
  x.items_minor - x.discount_minor + case when r.is_tax_included then 0 else x.tax_minor end
from money_refund_line x join money_refund r on r.id = x.refund_id join orders_line l on l.id = x.line_id
where x.refund_id = %s order by l.position
"""
PAYOUT = """
select c.slug, s.mode, c.is_active, r.state = 'due' and r.amount_minor >= x.amount_minor, jsonb_build_object(
  'reference', 'R-' || x.refund_id || '.' || x.id, 'order', o.external_id, 'amount_minor', x.amount_minor,
  'currency', x.currency, 'note', x.note, 'tells_buyer', s.tells_buyers)::text, x.content::text
from channels_payout x join channels_shop s on s.connection_id = x.shop_id
join inbox_connection c on c.id = s.connection_id join orders_order o on o.id = x.order_id
join money_refund r on r.id = x.refund_id
where x.id = %s
"""


class Payable(NamedTuple):
    """A refund, and why it cannot be given back through its shop; "" when it can."""

    refund_id: int
    order_id: int
    shop_id: int
    slug: str
    currency: str
    shipping_minor: int
    refunded_minor: int
    amount_minor: int
    why_not: str


def payable(*, refund_id: int | None = None, order_id: int | None = None) -> list[Payable]:
    """A refund, or all that are due of an order. One statement."""
    asked = {"refund": refund_id, "order": order_id, "kinds": plugs.kinds(Refunds)}
    found = []
    for refund, order, shop, slug, currency, shipping, refunded, content in sql.run(STANDING, asked):
        now = msgspec.json.decode(content, type=Standing)
        because = why_not(now)
        one = Payable(refund, order, shop, slug, currency, shipping, refunded, now.amount_minor, because)
        found.append(one)
    return found


def lines_of(refund_id: int) -> list[RefundedLine]:
    return [RefundedLine(*row) for row in sql.run(LINES, (refund_id,))]


class WantedBack(NamedTuple):
    """What a shop is to give back, and whether it still is to."""

    slug: str
    mode: str
    is_active: bool
    is_due: bool
    refund: Refund


def wanted_back(payout_id: int) -> WantedBack:
    """Raises NotFound."""
    for slug, mode, is_active, is_due, told, content in sql.run(PAYOUT, (payout_id,)):
        whole = {**msgspec.json.decode(told), **msgspec.json.decode(content)}
        return WantedBack(slug, mode, is_active, is_due, msgspec.convert(whole, Refund))
    raise NotFound(what="refund to be given back", which=str(payout_id))
