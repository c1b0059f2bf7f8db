"""Keep the difference of orders that our people changed: derived anew whenever an order or its money changes,
each step of it kept with its reason. Orders that nobody changed here cost nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import asdict, replace

from quartermaster.core import sql
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.events import emit
from quartermaster.core.money import Money
from quartermaster.events import DifferenceChanged
from quartermaster.orders.actions import holds
from quartermaster.orders.actions.checking import steps_in_force
from quartermaster.orders.actions.state import LineState, OrderState
from quartermaster.orders.ports import PaymentState
from quartermaster.orders.rules.checks import Told, unpaid
from quartermaster.orders.rules.difference import (
    Before,
    Difference,
    LineTold,
    OrderTold,
    Ours,
    Position,
    difference,
    position,
)

OURS = """
select line_id, u.added, u.told, price_minor, price_told_minor, u.discount_minor, discount_told_minor,
  rate_tax_minor, rate_net_minor
from orders_ours u join orders_line l on l.id = u.line_id where l.order_id = any(%s)
"""
# What was given back for units that came off or came back explains itself; the rest may be for our changes.
ORDERS = """
select o.id, o.payment_state, o.items_minor, o.discount_minor, o.shipping_minor, o.tax_minor,
  o.fees_minor + o.tip_minor + o.rounding_minor, o.total_minor, o.paid_minor,
  greatest(0, o.refunded_minor - coalesce((
    select sum((x->>'amount_minor')::bigint
      + case when o.is_tax_included then 0 else coalesce((x->>'tax_minor')::bigint, 0) end)
    from orders_refund r cross join jsonb_array_elements(r.lines) x
    where r.order_id = o.id and x->>'restock' <> 'none'), 0))::bigint,
  o.is_tax_included, d.items_minor, d.discount_minor, d.shipping_minor, d.tax_minor, d.fees_minor,
  d.total_minor, d.due_minor, d.owed_minor, d.overpaid_minor, d.refunded_minor, d.waived_minor
from orders_order o left join orders_difference d on d.order_id = o.id
where o.id = any(%s) order by o.id
"""
LINES = """
select id, unit_price_minor, gross_minor, discount_minor, tax_minor from orders_line where order_id = any(%s)
"""
STORE = """
with ours as (
  update orders_ours x set items_now_minor = u.items_minor, discount_now_minor = u.discount_minor,
    tax_now_minor = u.tax_minor
  from jsonb_to_recordset(%(lines)s::jsonb) as u(line_id bigint, items_minor bigint, discount_minor bigint,
    tax_minor bigint)
  where x.line_id = u.line_id
), step as (
  insert into orders_adjustment (order_id, at, actor, because, items_minor, discount_minor, shipping_minor,
    tax_minor, fees_minor, total_minor, waived_minor)
  select order_id, at, actor, because, items_minor, discount_minor, shipping_minor, tax_minor, fees_minor,
    total_minor, waived_minor
  from jsonb_to_recordset(%(steps)s::jsonb) as s(order_id bigint, at timestamptz, actor text, because text,
    items_minor bigint, discount_minor bigint, shipping_minor bigint, tax_minor bigint, fees_minor bigint,
    total_minor bigint, waived_minor bigint)
), edited as (
  update orders_order o set is_edited = true
  from jsonb_to_recordset(%(orders)s::jsonb) as s(order_id bigint)
  where o.id = s.order_id and not o.is_edited
)
insert into orders_difference (order_id, items_minor, discount_minor, shipping_minor, tax_minor, fees_minor,
  total_minor, due_minor, owed_minor, waived_minor, overpaid_minor, refunded_minor)
select order_id, items_minor, discount_minor, shipping_minor, tax_minor, fees_minor, total_minor, due_minor,
  owed_minor, waived_minor, overpaid_minor, refunded_minor
from jsonb_to_recordset(%(orders)s::jsonb) as s(order_id bigint, items_minor bigint, discount_minor bigint,
  shipping_minor bigint, tax_minor bigint, fees_minor bigint, total_minor bigint, due_minor bigint,
  owed_minor bigint, waived_minor bigint, overpaid_minor bigint, refunded_minor bigint)
on conflict (order_id) do update set items_minor = excluded.items_minor,
  discount_minor = excluded.discount_minor, shipping_minor = excluded.shipping_minor,
  tax_minor = excluded.tax_minor, fees_minor = excluded.fees_minor, total_minor = excluded.total_minor,
  due_minor = excluded.due_minor, owed_minor = excluded.owed_minor, waived_minor = excluded.waived_minor
"""
KEEP = """
insert into orders_ours (line_id, added, told, price_minor, price_told_minor, discount_minor,
  discount_told_minor, rate_tax_minor, rate_net_minor)
select line_id, added, told, price_minor, price_told_minor, discount_minor, discount_told_minor,
  rate_tax_minor, rate_net_minor
from jsonb_to_recordset(%s::jsonb) as u(line_id bigint, added bigint, told bigint, price_minor bigint,
  price_told_minor bigint, discount_minor bigint, discount_told_minor bigint, rate_tax_minor bigint,
  rate_net_minor bigint)
on conflict (line_id) do update set added = excluded.added, told = excluded.told,
  price_minor = excluded.price_minor, price_told_minor = excluded.price_told_minor,
  discount_minor = excluded.discount_minor, discount_told_minor = excluded.discount_told_minor,
  rate_tax_minor = excluded.rate_tax_minor, rate_net_minor = excluded.rate_net_minor
"""


class Why(NamedTuple):
    """When, by whom and why an order's difference is looked at again."""

    at: datetime
    by: str
    because: str
    source: str = ""


class Sheet(NamedTuple):
    """An order's money: as told, the difference kept so far, how it stood when it was first changed."""

    payment_state: str
    told: OrderTold
    lines: list[LineTold]
    kept: Difference
    position: Position
    before: Before


class _Settled(NamedTuple):
    """What became of an order's money: `total_minor` is what all changes add to its total."""

    sheet: Sheet
    total_minor: int
    rest: Position


def read(orders: Iterable[OrderState]) -> None:
    """Give the lines of these orders what our people changed about them. One statement, none for orders
    nobody changed."""
    lines = {line.id: line for order in orders if order.is_edited for line in order.lines}
    ids = sorted({order.id for order in orders if order.is_edited})
    for line_id, *ours in sql.run(OURS, (ids,)) if ids else ():
        lines[line_id].ours = Ours(*ours)


def keep(lines: Iterable[LineState]) -> None:
    """Store what our people changed about these lines."""
    rows = [{"line_id": line.id, **asdict(line.ours)} for line in lines if line.ours is not None]
    if rows:
        sql.run(KEEP, (sql.rows(rows),))


def sheets(orders: Sequence[OrderState]) -> dict[int, Sheet]:
    """The money of these orders, with the units as they are in memory now."""
    ids = sorted(order.id for order in orders)
    prices = {row[0]: row[1:] for row in sql.run(LINES, (ids,))}
    states = {order.id: order for order in orders}
    found = {}
    for order_id, state, *row in sql.run(ORDERS, (ids,)):
        order = states[order_id]
        sums: list[Any] = [
            *row[:9],
            order.is_cancelled,
            _shipping(order, row[2]),
            _asked(order, *row[5:7]).outstanding,
        ]
        told = OrderTold(*sums)
        kept = Difference() if row[9] is None else Difference(*row[9:15])
        held = Position() if row[15] is None else Position(*row[15:17])
        over = max(0, told.paid_minor - told.refunded_minor - told.total_minor)
        before = Before(over, told.refunded_minor) if row[17] is None else Before(*row[17:20])
        lines = [_told(line, prices[line.id]) for line in order.lines]
        found[order_id] = Sheet(state, told, lines, kept, held, before)
    return found


def _asked(order: OrderState, total: int, paid: int) -> Told:
    left = order.detail.get("outstanding_minor")
    return Told(order.currency, total, paid, left if isinstance(left, int) else None)


def _told(line: LineState, prices: Sequence[int]) -> LineTold:
    ours = line.ours or Ours()
    if line.is_ours:
        return LineTold(prices[0], 0, 0, 0, line.units, ours)
    unit, gross, discount, tax = prices
    return LineTold(unit, gross, discount, tax, line.units, replace(ours, rate_tax_minor=0, rate_net_minor=0))


def _shipping(order: OrderState, told: int) -> int | None:
    """The price of shipping our people set, as long as the channel's is what it was."""
    ours = order.detail.get("reshipped")
    if isinstance(ours, dict) and ours.get("minor") is not None and ours.get("told_minor") == told:
        return int(ours["minor"])
    return None


def settle(
    changes: Mapping[int, Why], orders: Iterable[OrderState], *, waived: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Derive the differences of these orders anew, keep what is new of them, tell, and hold or let go what is
    to be collected. Orders are locked; their lines know what is ours (`read`). `waived`: order id -> minor
    units let go by a person now. Returns order id -> minor units that all changes add to its total."""
    touched = [order for order in orders if order.id in changes]
    if not touched:
        return {}
    news: list[dict[str, object]] = []
    steps: list[dict[str, object]] = []
    lines: list[dict[str, object]] = []
    facts: list[DifferenceChanged] = []
    found = sheets(touched)
    settled = {}
    for order in touched:
        sheet, why = found[order.id], changes[order.id]
        let_go = (waived or {}).get(order.id, 0)
        before = replace(sheet.before, waived_minor=sheet.before.waived_minor + let_go)
        now, each = difference(sheet.told, sheet.lines)
        rest = position(sheet.told, now.total_minor, before)
        settled[order.id] = _Settled(sheet, now.total_minor, rest)
        step = {name: value - getattr(sheet.kept, name) for name, value in asdict(now).items()}
        if any(step.values()) or let_go:
            said = {"order_id": order.id, "at": why.at, "actor": why.by, "because": why.because}
            steps.append({**said, **step, "waived_minor": let_go})
        elif rest == sheet.position:
            continue
        news.append({"order_id": order.id, **asdict(now), **asdict(rest), **asdict(before)})
        lines += [{"line_id": line.id, **asdict(part)} for line, part in zip(order.lines, each, strict=True)]
        facts.append(_fact(order, why, now, rest))
    if news:
        sql.run(STORE, {"orders": sql.rows(news), "steps": sql.rows(steps), "lines": sql.rows(lines)})
        emit(facts)
    _hold(touched, settled, changes)
    return {order_id: one.total_minor for order_id, one in settled.items()}


def _fact(order: OrderState, why: Why, now: Difference, rest: Position) -> DifferenceChanged:
    return DifferenceChanged(
        subject=order.subject,
        at=why.at,
        actor=why.by,
        source=why.source,
        order_id=order.id,
        total_minor=now.total_minor,
        due_minor=rest.due_minor,
        owed_minor=rest.owed_minor,
        currency=order.currency,
        because=why.because,
    )


def _hold(orders: Sequence[OrderState], settled: Mapping[int, _Settled], changes: Mapping[int, Why]) -> None:
    """What is due keeps an order from the floor where payment is checked at all; on delivery the carrier
    collects it. Where a change of ours makes an order paid, or makes it unpaid again, its hold follows."""
    paid = {order.id: _paid(order, settled[order.id]) for order in orders}
    concerned = [
        order
        for order in orders
        if settled[order.id].rest.due_minor or "due" in order.holds or paid[order.id] is not None
    ]
    if not concerned:
        return
    _, steps = steps_in_force()
    is_checked = any(step.name == "payment" and step.is_on for step in steps)
    placed, gone = [], []
    for order in concerned:
        one, why = settled[order.id], changes[order.id]
        has_rest = any(x.is_shippable and x.units.wanted > x.units.shipped for x in order.lines)
        is_asked = is_checked and has_rest
        is_later = one.sheet.payment_state == PaymentState.ON_DELIVERY
        if one.rest.due_minor and is_asked and not is_later:
            because = (
                f"{_amount(one.rest.due_minor, order.currency)} more is to be collected since it was changed."
            )
            placed.append(holds.Wanted(order, "due", because, why.at, why.source))
        else:
            gone.append(holds.Wanted(order, "due", "nothing is to be collected", why.at, why.source))
        if (unpaid := paid[order.id]) is None:
            continue
        if unpaid and is_asked:
            placed.append(holds.Wanted(order, "payment", unpaid, why.at, why.source))
        else:
            gone.append(holds.Wanted(order, "payment", "what is left of it is paid", why.at, why.source))
    holds.take_back(gone, by="system")
    holds.place(placed, by="system")


def _paid(order: OrderState, one: _Settled) -> str | None:
    """Why it is not paid now, empty when it is; None when this change makes no difference to it, so that what
    a person has released before stays released."""
    told = _asked(order, one.sheet.told.total_minor, one.sheet.told.paid_minor)
    before, now = (
        unpaid(one.sheet.payment_state, told, adjusted_minor=total)
        for total in (one.sheet.kept.total_minor, one.total_minor)
    )
    if before == now or (before and now and "payment" not in order.holds):
        return None
    return now


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency)) if currency in EXPONENT else f"{minor} {currency}"


def totals_after(orders: Sequence[OrderState]) -> dict[int, tuple[Difference, Position, Any]]:
    """Difference and position of these orders as they stand, for who wants to show them before or after."""
    found = {}
    for order_id, sheet in sheets(orders).items():
        now, _ = difference(sheet.told, sheet.lines)
        found[order_id] = (now, position(sheet.told, now.total_minor, sheet.before), sheet)
    return found
