"""Capture new orders: one statement for all rows of a batch, once
however often and from wherever they come."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from psycopg import errors as pg

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import OrderAccepted, OrderRefunded
from quartermaster.orders.actions.checking import check_all
from quartermaster.orders.actions.known import Key, Known
from quartermaster.orders.actions.meant import line_skus
from quartermaster.orders.actions.refund import refunded
from quartermaster.orders.actions.rows import line_row, order_row, refund_row, tender_row
from quartermaster.orders.rules.checks import Checked, expiry
from quartermaster.orders.rules.status import Seen, derive
from quartermaster.orders.rules.units import Units, told

if TYPE_CHECKING:
    from quartermaster.orders.actions.take_in import Told

CAPTURE = """
with o as (
  select * from jsonb_to_recordset(%(orders)s::jsonb) as o(
    n int, connection_id bigint, external_id text, external_name text, source_version text, placed_at
      timestamptz,
    captured_at timestamptz, currency text, items_minor bigint, discount_minor bigint, shipping_minor bigint,
    tax_minor bigint, fees_minor bigint, tip_minor bigint, rounding_minor bigint, total_minor bigint,
    paid_minor bigint, refunded_minor bigint, is_tax_included boolean, payment_state text,
      presentment_currency text,
    presentment_total_minor bigint, customer_id bigint, buyer jsonb, ship_to jsonb, bill_to jsonb,
    shipping_method text, detail jsonb, is_test boolean, cancelled_at timestamptz, cancelled_because text,
      status text)
), fresh as (
  insert into orders_order (
    connection_id, external_id, external_name, source_version, placed_at, captured_at, currency, items_minor,
    discount_minor, shipping_minor, tax_minor, fees_minor, tip_minor, rounding_minor, total_minor, paid_minor,
    refunded_minor, is_tax_included, payment_state, presentment_currency, presentment_total_minor,
      customer_id, buyer,
    ship_to, bill_to, shipping_method, detail, is_test, cancelled_at, cancelled_because, status)
  select
    connection_id, external_id, external_name, source_version, placed_at, captured_at, currency, items_minor,
    discount_minor, shipping_minor, tax_minor, fees_minor, tip_minor, rounding_minor, total_minor, paid_minor,
    refunded_minor, is_tax_included, payment_state, presentment_currency, presentment_total_minor,
      customer_id, buyer,
    ship_to, bill_to, shipping_method, detail, is_test, cancelled_at, cancelled_because, status
  from o order by n
  on conflict (connection_id, external_id) do nothing
  returning id, connection_id, external_id
), made as (
  select o.n, fresh.id from o join fresh using (connection_id, external_id)
), lines as (
  insert into orders_line (
    order_id, position, external_id, code, alias, sku_id, title, unit_price_minor, gross_minor,
      discount_minor,
    tax_minor, is_shippable, ordered, open, cancelled, sold, wanted, fulfilled, sent_back,
      cancelled_there)
  select made.id, l.position, l.external_id, l.code, l.alias, l.sku_id, l.title, l.unit_price_minor,
    l.gross_minor,
    l.discount_minor, l.tax_minor, l.is_shippable, l.ordered, l.open, l.cancelled, l.sold, l.wanted,
      l.fulfilled,
    l.sent_back, l.cancelled_there
  from jsonb_to_recordset(%(lines)s::jsonb) as l(
    n int, position smallint, external_id text, code text, alias text, sku_id bigint, title text,
    unit_price_minor bigint, gross_minor bigint, discount_minor bigint, tax_minor bigint, is_shippable
      boolean,
    ordered bigint, open bigint, cancelled bigint, sold bigint, wanted bigint, fulfilled bigint, sent_back
      bigint, cancelled_there bigint)
  join made using (n) order by l.n, l.position
), tenders as (
  insert into orders_tender (order_id, external_id, kind, gateway, amount_minor, state)
  select made.id, t.external_id, t.kind, t.gateway, t.amount_minor, t.state
  from jsonb_to_recordset(%(tenders)s::jsonb) as t(
    n int, external_id text, kind text, gateway text, amount_minor bigint, state text) join made using (n)
  on conflict (order_id, external_id) do nothing
), refunds as (
  insert into orders_refund (order_id, external_id, at, amount_minor, shipping_minor, lines, because)
  select made.id, r.external_id, r.at, r.amount_minor, r.shipping_minor, r.lines, r.because
  from jsonb_to_recordset(%(refunds)s::jsonb) as r(
    n int, external_id text, at timestamptz, amount_minor bigint, shipping_minor bigint, lines jsonb,
      because text)
  join made using (n)
  on conflict (order_id, external_id) do nothing
), holds as (
  insert into orders_hold (order_id, kind, because, placed_by, since, expires_at)
  select made.id, h.kind, h.because, 'system', h.since, h.expires_at
  from jsonb_to_recordset(%(holds)s::jsonb) as h(n int, kind text, because text, since timestamptz,
    expires_at timestamptz) join made using (n)
)
select n, id from made order by n
"""


def capture(fresh: Sequence["Told"], customers: Sequence[int | None]) -> dict[Key, Known]:
    """Store new orders, in the order of their keys, with lines, tenders, refunds and holds, and tell; returns
    them by key. `customers`: the customer of each.

    Raises SerializationFailure when another batch captured one of
    them at the same time: the worker comes again.
    """
    if not fresh:
        return {}
    skus = line_skus(fresh)
    checked = check_all(fresh, customers, skus)
    rows: dict[str, list[dict[str, object]]] = {
        k: [] for k in ("orders", "lines", "tenders", "refunds", "holds")
    }
    for n, one in enumerate(fresh):
        _add(rows, n, one, customers[n], skus[n], checked[n])
    made = dict(sql.run(CAPTURE, {name: sql.rows(part) for name, part in rows.items()}))
    if len(made) != len(fresh):
        raise pg.SerializationFailure("another worker captured one of these orders just now")
    emit(_facts(fresh, made, checked))
    return {
        Key(t.message.connection_id, t.order.external_id): Known(made[n], t.order.version, t.order.currency)
        for n, t in enumerate(fresh)
    }


def _add(
    rows: Mapping[str, list[dict[str, object]]],
    n: int,
    one: "Told",
    customer_id: int | None,
    skus: Sequence[int | None],
    checked: Checked,
) -> None:
    order, seen = one.order, []
    for position, (line, sku_id) in enumerate(zip(order.lines, skus, strict=True), 1):
        units = told(Units(), line)
        rows["lines"].append(line_row(n, position, line, units, sku_id))
        seen.append(Seen(units, line.is_shippable, ""))
    status = derive(seen, is_held=bool(checked.holds), is_cancelled=order.is_cancelled)
    rows["orders"].append(order_row(n, one, customer_id, status))
    rows["tenders"].extend(tender_row(n, tender) for tender in order.tenders)
    rows["refunds"].extend(refund_row(n, refund) for refund in order.refunds)
    rows["holds"].extend(
        {
            "n": n,
            "kind": h.kind,
            "because": h.because,
            "since": one.message.received_at,
            "expires_at": expiry(h.kind, order),
        }
        for h in checked.holds
    )


def _facts(
    fresh: Sequence["Told"], made: Mapping[int, int], checked: Sequence[Checked]
) -> list[OrderAccepted | OrderRefunded]:
    facts: list[OrderAccepted | OrderRefunded] = []
    for n, one in enumerate(fresh):
        facts.append(
            OrderAccepted(
                subject=f"order:SO-{made[n]}",
                at=one.message.received_at,
                actor=f"connection:{one.message.slug}",
                source=f"message:{one.message.id}",
                order_id=made[n],
                holds=tuple(hold.kind for hold in checked[n].holds),
                checks_passed=checked[n].passed,
            )
        )
        facts.extend(
            refunded(made[n], one.message, refund, one.order.currency) for refund in one.order.refunds
        )
    return facts
