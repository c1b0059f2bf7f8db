"""Units of a parcel that nobody took are here again: what is given back for them falls due."""

from collections.abc import Sequence
from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.queries.versions import in_force
from quartermaster.events import ArrivalClosed
from quartermaster.money.actions.rows import LOCK, Due, Seen, Why, dues, open_refunds, seen
from quartermaster.money.queries.policy import POLICY
from quartermaster.money.rules.due import LineBack, LineSold, Parts, together, units_back
from quartermaster.money.rules.returned import Item, Policy, lines_back, refund_of, why

CAUSE = "return_to_origin"
CAME = """
select p.order_id, p.id, i.line_id, i.sku_id, i.quantity, i.line_units, coalesce(l.received, 0)
from inbound_arrival a join warehouse_parcel p on a.reference = 'P-' || p.id
join warehouse_parcel_item i on i.parcel_id = p.id
left join inbound_arrival_line l on l.arrival_id = a.id and l.sku_id = i.sku_id
where a.id = any(%s) and a.kind = 'return_to_origin' and not exists (
  select from money_refund r where r.cause_key = 'P-' || p.id)
order by p.order_id, p.id, i.id
"""
# As sold and as changed here, together; and what came back of each line before.
LINES = """
select l.order_id, l.id, l.wanted, l.gross_minor + coalesce(u.items_now_minor, 0),
  l.discount_minor + coalesce(u.discount_now_minor, 0), l.tax_minor + coalesce(u.tax_now_minor, 0),
  coalesce((select sum(b.units) from money_refund_line b join money_refund r on r.id = b.refund_id
    where b.line_id = l.id and r.cause = 'return_to_origin'), 0)::bigint,
  o.shipping_minor + coalesce(d.shipping_minor, 0), l.is_shippable
from orders_line l join orders_order o on o.id = l.order_id
left join orders_ours u on u.line_id = l.id left join orders_difference d on d.order_id = o.id
where l.order_id = any(%s) order by l.position
"""


class _Line(NamedTuple):
    order_id: int
    sold: LineSold
    before: int
    shipping_minor: int
    is_shippable: bool


def give_back(heard: Sequence[ArrivalClosed]) -> None:
    """The listener: for a parcel that was expected back, and whose units were scanned, one refund; also one
    of nothing, to say why. Parcels one by one, for there are few."""
    closed = {event.arrival_id: event for event in heard}
    found = sql.run(CAME, (sorted(closed),))
    if not found:
        return
    ids = sorted({row[0] for row in found})
    sql.run(LOCK, (ids,))
    policy = in_force(POLICY).content
    event = heard[-1]
    for order_id, parcel_id in sorted({row[:2] for row in found}):
        mine = [row[2:] for row in found if row[:2] == (order_id, parcel_id)]
        received = {sku_id: came for _, sku_id, _, _, came in mine}
        units = lines_back([Item(*row[:4]) for row in mine], received)
        if units:
            order, due = seen([order_id])[order_id], dues([order_id]).get(order_id, [])
            _open(order, due, parcel_id, units, policy, event)


def _open(
    order: Seen,
    due: Sequence[Due],
    parcel_id: int,
    units: dict[int, int],
    policy: Policy,
    event: ArrivalClosed,
) -> None:
    lines = {row[1]: _line(row) for row in sql.run(LINES, ([order.id],))}
    back: list[LineBack] = [
        units_back(lines[line_id].sold, before=lines[line_id].before, units=count)
        for line_id, count in units.items()
    ]
    is_all = all(
        one.before + units.get(line_id, 0) >= one.sold.units
        for line_id, one in lines.items()
        if one.is_shippable
    )
    shipping = next(iter(lines.values())).shipping_minor if policy.refunds_shipping and is_all else 0
    worth: Parts = together(back, is_tax_included=order.change.is_tax_included, shipping_minor=shipping)
    parts = refund_of(
        worth,
        policy,
        currency=order.currency,
        paid_minor=order.paid_minor,
        refunded_minor=order.refunded_minor,
        due_minor=sum(one.amount_minor for one in due),
    )
    number = f"P-{parcel_id}"
    because = why(
        policy,
        parcel=number,
        is_paid=order.paid_minor > 0,
        refunds_shipping=bool(shipping),
        withheld_minor=parts.withheld_minor,
    )
    told = Why(event.at, event.actor, because, f"arrival:{event.arrival_id}")
    open_refunds([(order, CAUSE, number, parts, back, told)])


def _line(row: tuple[int, int, int, int, int, int, int, int, bool]) -> _Line:
    order_id, line_id, wanted, gross, discount, tax, before, shipping, is_shippable = row
    return _Line(order_id, LineSold(line_id, wanted, gross, discount, tax), before, shipping, is_shippable)
