"""Orders of the past: the order itself, its customer, its hold while it is open, and its events."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import Event, record
from quartermaster.core.kept import Became, Kept, refused
from quartermaster.customers.actions import recognise
from quartermaster.events import HoldPlaced, HoldReleased, OrderAccepted, OrderCancelled
from quartermaster.orders.actions.remember.settle import settle, settle_units
from quartermaster.orders.rules import history as rules
from quartermaster.orders.rules.history import PastOrder

# An order that was changed here has a version that history did not write.
REMEMBER: Final = """
with told as (
  select * from jsonb_to_recordset(%(orders)s::jsonb) as t(
    n int, external_id text, external_name text, placed_at timestamptz, paid_at timestamptz, currency text,
    cancelled_at timestamptz, cancelled_because text, promised_on date, promised_by timestamptz,
    items_minor bigint, discount_minor bigint, shipping_minor bigint, tax_minor bigint, total_minor bigint,
    paid_minor bigint, refunded_minor bigint, is_tax_included boolean, customer_id bigint, buyer jsonb,
    ship_to jsonb, shipping_method text, history jsonb, status text)),
old as (
  select t.n, o.id, o.detail->'history' as history,
    (o.detail->'history'->>'version')::int is not distinct from o.version as is_ours
  from told t join orders_order o
    on o.connection_id = %(connection)s and o.external_id = t.external_id),
fresh as (
  insert into orders_order (
    connection_id, external_id, external_name, source_version, placed_at, captured_at, paid_at, currency,
    items_minor, discount_minor, shipping_minor, tax_minor, fees_minor, tip_minor, rounding_minor,
    total_minor, paid_minor, refunded_minor, is_tax_included, payment_state, presentment_currency,
    customer_id, buyer, ship_to, shipping_method, detail, is_test, promised_on, promised_by, promised_at,
    cancelled_at, cancelled_because, status)
  select %(connection)s, external_id, external_name, '', placed_at, %(at)s, paid_at, currency,
    coalesce(items_minor, 0), coalesce(discount_minor, 0), coalesce(shipping_minor, 0),
    coalesce(tax_minor, 0), 0, 0, 0, coalesce(total_minor, 0), coalesce(paid_minor, 0), refunded_minor,
    is_tax_included, case when paid_at is null then 'unknown' else 'paid' end, currency,
    customer_id, buyer, ship_to, shipping_method, jsonb_build_object('history', history), false, promised_on,
    promised_by, case when coalesce(promised_on::text, promised_by::text) is not null then placed_at end,
    cancelled_at, cancelled_because, status
  from told where not exists (select from old where old.n = told.n) order by n
  on conflict (connection_id, external_id) do nothing
  returning id, external_id),
changed as (
  update orders_order o set
    external_name = t.external_name, placed_at = t.placed_at, paid_at = t.paid_at, currency = t.currency,
    items_minor = coalesce(t.items_minor, o.items_minor),
    discount_minor = coalesce(t.discount_minor, o.discount_minor),
    shipping_minor = coalesce(t.shipping_minor, o.shipping_minor),
    tax_minor = coalesce(t.tax_minor, o.tax_minor), total_minor = coalesce(t.total_minor, o.total_minor),
    paid_minor = coalesce(t.paid_minor, o.paid_minor), refunded_minor = t.refunded_minor,
    is_tax_included = t.is_tax_included, customer_id = t.customer_id, buyer = t.buyer, ship_to = t.ship_to,
    shipping_method = t.shipping_method, promised_on = t.promised_on, promised_by = t.promised_by,
    promised_at = case when coalesce(t.promised_on::text, t.promised_by::text) is not null
      then t.placed_at end,
    cancelled_at = t.cancelled_at, cancelled_because = t.cancelled_because, version = o.version + 1,
    detail = jsonb_set(o.detail, '{history}', t.history || jsonb_build_object('version', o.version + 1))
  from told t join old using (n)
  where o.id = old.id and old.is_ours and old.history->>'digest' <> t.history->>'digest'
  returning o.id)
select t.n, coalesce(fresh.id, old.id), case
  when fresh.id is not null then 'new'
  when old.id is null then 'raced'
  when changed.id is not null then 'changed'
  when old.history->>'digest' is not distinct from t.history->>'digest' then 'same'
  else 'touched' end, old.history->>'state'
from told t left join fresh using (external_id) left join old using (n) left join changed
  on changed.id = old.id
order by t.n
"""
HOLD: Final = """
insert into orders_hold (order_id, kind, because, placed_by, since)
select id, 'imported', because, %(by)s, %(at)s
from jsonb_to_recordset(%(holds)s::jsonb) as h(id bigint, because text)
on conflict do nothing
"""
RELEASE: Final = """
update orders_hold set released_at = %(at)s, released_by = %(by)s, released_because = %(because)s
where order_id = any(%(ids)s) and kind = 'imported' and released_at is null
"""
_NO_LONGER_OPEN: Final = "it is imported as finished now"


@transaction.atomic
def remember_orders(
    orders: Sequence[PastOrder], *, connection_id: int, slug: str, at: datetime, by: str, source: str = ""
) -> list[Kept]:
    """Keep orders as they were told, one answer for each. `at` is when we learn of them.

    An open one is held as `imported` until a person releases it. `slug` names the connection.
    """
    answers: dict[int, Kept] = {}
    firsts: dict[str, int] = {}
    for n, order in enumerate(orders):
        if wrong := rules.wrong_with_order(order):
            answers[n] = refused(wrong)
        elif firsts.setdefault(order.external_id, n) != n:
            answers[n] = refused(f"order: {order.external_id} stands there twice")
    taken = [n for n in range(len(orders)) if n not in answers]
    told = [orders[n] for n in taken]
    buyers = [(slug, order.buyer, _address(order)) for order in told]
    customers = recognise(buyers, at=at)
    rows = [_row(n, orders[n], customer) for n, customer in zip(taken, customers, strict=True)]
    stored = sql.run(REMEMBER, {"orders": sql.rows(rows), "connection": connection_id, "at": at})
    before: dict[int, str | None] = {}
    for n, order_id, became, state in stored:
        before[n] = state
        answers[n] = _answer(order_id, became)
    _follow(orders, answers, before, at=at, by=by, source=source)
    return [answers[n] for n in range(len(orders))]


def _answer(order_id: int | None, became: str) -> Kept:
    match became:
        case "touched":
            return refused(f"SO-{order_id} has been changed here: history no longer changes it")
        case "raced":
            return refused("order: it came in over its connection just now")
    return Kept(order_id, Became(became))


def _follow(
    orders: Sequence[PastOrder],
    answers: Mapping[int, Kept],
    before: Mapping[int, str | None],
    *,
    at: datetime,
    by: str,
    source: str,
) -> None:
    """Holds, units and events of what is new or changed."""
    new = [n for n, kept in answers.items() if kept.became is Became.NEW]
    changed = [n for n, kept in answers.items() if kept.became is Became.CHANGED]
    held = [n for n in (*new, *changed) if orders[n].state == "open" and before[n] != "open"]
    freed = [n for n in changed if before[n] == "open" and orders[n].state != "open"]
    if held:
        rows = [{"id": answers[n].id, "because": because(orders[n])} for n in held]
        sql.run(HOLD, {"holds": sql.rows(rows), "at": at, "by": by})
    if freed:
        ids = [answers[n].id for n in freed]
        sql.run(RELEASE, {"ids": ids, "at": at, "by": by, "because": _NO_LONGER_OPEN})
    if changed:
        ids = [answers[n].id for n in changed]
        settle_units(ids)
        settle(ids)
    record(_facts(orders, answers, new, held, freed, at=at, by=by, source=source))


def because(order: PastOrder) -> str:
    """Why an open order of the past is held, and what to do to have it fulfilled here."""
    told = f" ({order.told})" if order.told else ""
    return (
        f"Imported while it was still open{told}. Release this hold to fulfil it from here: it is "
        "allocated then. Cancel it if it was finished elsewhere."
    )


def _facts(
    orders: Sequence[PastOrder],
    answers: Mapping[int, Kept],
    new: Sequence[int],
    held: Sequence[int],
    freed: Sequence[int],
    *,
    at: datetime,
    by: str,
    source: str,
) -> Iterator[Event]:
    def about(n: int) -> dict[str, Any]:
        order_id = answers[n].id
        return {"subject": f"order:SO-{order_id}", "order_id": order_id, "actor": by, "source": source}

    held_now = set(held)
    for n in new:
        holds = (rules.HOLD,) if n in held_now else ()
        yield OrderAccepted(**about(n), at=orders[n].placed_at, holds=holds)
        if orders[n].state == "cancelled":
            why = orders[n].cancelled_because or orders[n].told
            yield OrderCancelled(**about(n), at=rules.last_moment(orders[n]), because=why)
    for n in sorted(held_now - set(new)):
        yield HoldPlaced(**about(n), at=at, hold=rules.HOLD, because=because(orders[n]))
    for n in freed:
        yield HoldReleased(**about(n), at=at, hold=rules.HOLD, because=_NO_LONGER_OPEN)


def _row(n: int, order: PastOrder, customer_id: int | None) -> dict[str, object]:
    row = msgspec.structs.asdict(order)
    told, state = row.pop("told"), row.pop("state")
    totals = [name for name in _TOTALS if row[name] is not None]
    history = {"state": state, "told": told, "digest": rules.digest(order), "version": 1, "totals": totals}
    is_cancelled = state == "cancelled"
    return {
        **row,
        "n": n,
        "external_name": order.external_name or order.external_id,
        "customer_id": customer_id,
        "cancelled_at": rules.last_moment(order) if is_cancelled else None,
        "cancelled_because": (order.cancelled_because or told) if is_cancelled else "",
        "history": history,
        "status": {"cancelled": "cancelled", "open": "on_hold"}.get(state, "open"),
    }


_TOTALS = ("items_minor", "discount_minor", "shipping_minor", "tax_minor", "total_minor", "paid_minor")


def _address(order: PastOrder) -> dict[str, Any] | None:
    return None if order.ship_to is None else msgspec.to_builtins(order.ship_to)
