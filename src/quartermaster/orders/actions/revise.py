"""Apply newer versions of orders we have: the channel's word
replaces its older word, our own people's stays."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import OrderCancelled, OrderChanged
from quartermaster.orders.actions import differing, holds
from quartermaster.orders.actions.checking import check_all
from quartermaster.orders.actions.known import Known
from quartermaster.orders.actions.meant import line_skus
from quartermaster.orders.actions.refund import count_refunds, store_refunds, tell_paid
from quartermaster.orders.actions.rows import line_row, order_row, tender_row
from quartermaster.orders.actions.state import LineState, OrderState, load, save
from quartermaster.orders.ports import LineSold
from quartermaster.orders.rules.checks import expiry
from quartermaster.orders.rules.difference import still_ours
from quartermaster.orders.rules.holds import KINDS
from quartermaster.orders.rules.units import Units, balanced, told

if TYPE_CHECKING:
    from quartermaster.orders.actions.take_in import Told

REVISE = """
with o as (
  select * from jsonb_to_recordset(%(orders)s::jsonb) as o(
    n bigint, external_name text, source_version text, placed_at timestamptz, currency text, items_minor
      bigint,
    discount_minor bigint, shipping_minor bigint, tax_minor bigint, fees_minor bigint, tip_minor bigint,
    rounding_minor bigint, total_minor bigint, paid_minor bigint, refunded_minor bigint, is_tax_included
      boolean,
    payment_state text, presentment_currency text, presentment_total_minor bigint, customer_id bigint,
      buyer jsonb,
    ship_to jsonb, bill_to jsonb, shipping_method text, detail jsonb, is_test boolean, cancelled_at
      timestamptz,
    cancelled_because text)
), line as (
  update orders_line x set
    external_id = l.external_id, code = l.code, alias = l.alias, title = l.title,
    unit_price_minor = l.unit_price_minor, gross_minor = l.gross_minor, discount_minor = l.discount_minor,
    tax_minor = l.tax_minor
  from jsonb_to_recordset(%(lines)s::jsonb) as l(
    id bigint, external_id text, code text, alias text, title text, unit_price_minor bigint,
    gross_minor bigint,
    discount_minor bigint, tax_minor bigint)
  where x.id = l.id
), fresh as (
  insert into orders_line (
    order_id, position, external_id, code, alias, sku_id, title, unit_price_minor, gross_minor,
      discount_minor,
    tax_minor, is_shippable, ordered, open, cancelled, sold, wanted, fulfilled, sent_back,
      cancelled_there)
  select n, position, external_id, code, alias, sku_id, title, unit_price_minor, gross_minor, discount_minor,
    tax_minor, is_shippable, ordered, open, cancelled, sold, wanted, fulfilled, sent_back,
    cancelled_there
  from jsonb_to_recordset(%(fresh)s::jsonb) as l(
    n bigint, position smallint, external_id text, code text, alias text, sku_id bigint, title text,
    unit_price_minor bigint, gross_minor bigint, discount_minor bigint, tax_minor bigint, is_shippable
      boolean,
    ordered bigint, open bigint, cancelled bigint, sold bigint, wanted bigint, fulfilled bigint, sent_back
      bigint, cancelled_there bigint)
), gone as (
  delete from orders_tender t using o
  where t.order_id = o.n and t.external_id not in (
    select external_id from jsonb_to_recordset(%(tenders)s::jsonb) as k(n bigint, external_id text) where
      k.n = o.n)
), tenders as (
  insert into orders_tender (order_id, external_id, kind, gateway, amount_minor, state)
  select n, external_id, kind, gateway, amount_minor, state
  from jsonb_to_recordset(%(tenders)s::jsonb) as t(
    n bigint, external_id text, kind text, gateway text, amount_minor bigint, state text)
  on conflict (order_id, external_id) do update
    set kind = excluded.kind, gateway = excluded.gateway, amount_minor = excluded.amount_minor, state =
      excluded.state
)
update orders_order x set
  external_name = o.external_name, source_version = o.source_version, placed_at = o.placed_at, currency =
    o.currency,
  items_minor = o.items_minor, discount_minor = o.discount_minor, shipping_minor = o.shipping_minor,
  tax_minor = o.tax_minor, fees_minor = o.fees_minor, tip_minor = o.tip_minor, rounding_minor =
    o.rounding_minor,
  total_minor = o.total_minor, paid_minor = o.paid_minor, refunded_minor = o.refunded_minor,
  is_tax_included = o.is_tax_included, payment_state = o.payment_state,
  presentment_currency = o.presentment_currency, presentment_total_minor = o.presentment_total_minor,
  customer_id = o.customer_id, buyer = o.buyer, ship_to = o.ship_to, bill_to = o.bill_to,
  shipping_method = o.shipping_method, detail = o.detail, is_test = o.is_test, cancelled_at = o.cancelled_at,
  cancelled_because = o.cancelled_because
from o where x.id = o.n
"""


def revise(newer: Sequence[tuple[Known, "Told"]], customers: Sequence[int | None]) -> None:
    """Apply the newest version told of each order: lines, money, address, holds. Constant number of
    statements. `customers`: the customer of each."""
    if not newer:
        return
    states = load(known.id for known, _ in newer)
    differing.read(states.values())
    skus = line_skus([one for _, one in newer])
    orders: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    fresh: list[dict[str, object]] = []
    tenders: list[dict[str, object]] = []
    for (known, one), customer_id, meant in zip(newer, customers, skus, strict=True):
        state = states[known.id]
        orders.append(_order(state, one, customer_id))
        updates, additions = _lines(state, one, meant)
        changed.extend(updates)
        fresh.extend(additions)
        tenders.extend(tender_row(state.id, tender) for tender in one.order.tenders)
    parts = {"orders": orders, "lines": changed, "fresh": fresh, "tenders": tenders}
    sql.run(REVISE, {name: sql.rows(rows) for name, rows in parts.items()})
    given = store_refunds(
        [(states[known.id], one.message, refund) for known, one in newer for refund in one.order.refunds]
    )
    count_refunds(states)
    after = load(states)
    new = {order_id for order_id, _ in given}
    tell_paid(
        (states[known.id], one.message, (after[known.id].paid_minor, after[known.id].refunded_minor))
        for known, one in newer
        if known.id not in new
    )
    lines = [line for s in states.values() for line in _merged(s, after[s.id])]
    edited = {
        known.id: differing.Why(
            one.message.received_at, "system", "a newer version came", f"message:{one.message.id}"
        )
        for known, one in newer
        if after[known.id].is_edited
    }
    adjusted = differing.settle(edited, after.values())
    _check([(after[known.id], one) for known, one in newer], customers, adjusted)
    emit(_facts([(states[known.id], after[known.id], one) for known, one in newer]))
    save(list(after.values()), lines)


def _order(state: OrderState, one: "Told", customer_id: int | None) -> dict[str, object]:
    """The order's row with n = its id. An address our people changed
    stays until the channel changes its own."""
    row = order_row(state.id, one, customer_id, state.status)
    ours = state.detail.get("readdressed")
    detail = row["detail"]
    assert isinstance(detail, dict)
    if isinstance(ours, dict) and msgspec.to_builtins(one.order.ship_to) == ours.get("told"):
        row["ship_to"] = state.ship_to
        detail["readdressed"] = ours
    reshipped = state.detail.get("reshipped")
    told_now = [one.order.shipping_method, one.order.totals.shipping]
    if isinstance(reshipped, dict) and told_now == [reshipped.get("told"), reshipped.get("told_minor")]:
        row["shipping_method"] = reshipped["method"]
        detail["reshipped"] = reshipped
    if removed := _removed(state, one):
        row |= {"cancelled_at": removed["at"], "cancelled_because": removed["because"]}
        detail["removed"] = removed
    return row


def _removed(state: OrderState, one: "Told") -> dict[str, str] | None:
    """How the channel took the order away, when that was after the content told now."""
    removed = state.detail.get("removed")
    if isinstance(removed, dict) and one.order.updated_at <= datetime.fromisoformat(removed["at"]):
        return removed
    return None


def _lines(
    state: OrderState, one: "Told", skus: Sequence[int | None]
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Changed rows of lines we have, rows of lines that are new. Units of existing lines change in `state`.
    Of an order that was removed after this content nothing is wanted; of one the channel cancelled nothing
    that our own people added."""
    is_gone = _removed(state, one) is not None
    ours = _adopted(state, one, skus)

    def heard(units: Units, line: LineSold | None, added: int = 0) -> Units:
        now = told(units, line, added)
        if is_gone or (one.order.is_cancelled and added):
            return balanced(replace(now, wanted=0))
        return now

    by_id = {line.external_id: line for line in state.lines}
    told_ids = {line.external_id for line in one.order.lines}
    updates: list[dict[str, object]] = []
    additions: list[dict[str, object]] = []
    for line, sku_id in zip(one.order.lines, skus, strict=True):
        before = by_id.get(line.external_id)
        if before is None:
            position = len(state.lines) + len(additions) + 1
            additions.append(line_row(state.id, position, line, heard(Units(), line), sku_id))
            continue
        before.units = heard(before.units, line, ours.get(before.id, 0))
        if before.units.allocated + before.units.picked + before.units.shipped == 0:
            before.sku_id = sku_id  # a line whose goods are not touched yet may become another SKU
        updates.append({"id": before.id, **line_row(state.id, 0, line, before.units, sku_id)})
    for before in state.lines:
        if before.external_id not in told_ids:
            before.units = heard(before.units, None, ours.get(before.id, 0))
    return updates, additions


def _adopted(state: OrderState, one: "Told", skus: Sequence[int | None]) -> dict[int, int]:
    """Line id -> units on it that are ours still. A new line of the channel of a SKU that our people put on
    a line of ours is that line: it takes the channel's id, and what the floor has done for it counts."""
    if not any(line.ours for line in state.lines):
        return {}
    by_id = {line.external_id: line for line in state.lines}
    for line, sku_id in zip(one.order.lines, skus, strict=True):
        mine = next((x for x in state.lines if x.is_ours and x.sku_id == sku_id is not None), None)
        if mine is not None and line.external_id not in by_id:
            mine.external_id = line.external_id
            by_id[line.external_id] = mine
    units: dict[object, int] = {}
    for line, sku_id in zip(one.order.lines, skus, strict=True):
        key = sku_id or line.code
        units[key] = units.get(key, 0) + max(0, line.ordered)
    groups: dict[object, list[LineState]] = {}
    for x in state.lines:
        if x.ours and x.ours.added:
            groups.setdefault(x.sku_id or x.code, []).append(x)
    return {
        line.id: left
        for key, lines in groups.items()
        for line, left in zip(
            lines, still_ours([x.ours for x in lines if x.ours], units.get(key, 0)), strict=True
        )
    }


def _merged(before: OrderState, after: OrderState) -> list[LineState]:
    """Carry the units decided in `before` over to the freshly loaded
    lines of `after`, which has the new ones too."""
    decided = {line.id: line for line in before.lines}
    for line in after.lines:
        if line.id in decided:
            known = decided[line.id]
            line.units, line.sku_id, line.ours = known.units, known.sku_id, known.ours
    return after.lines


def _check(
    newer: Sequence[tuple[OrderState, "Told"]],
    customers: Sequence[int | None],
    adjusted: Mapping[int, int],
) -> None:
    """Run the checks on the new content: place what is missing, take back what no longer stands. `adjusted`:
    order id -> minor units that our own people's changes add to its total."""
    skus = []
    for state, one in newer:
        by_id = {line.external_id: line.sku_id for line in state.lines}
        skus.append([by_id[line.external_id] for line in one.order.lines])
    gone: list[holds.Wanted] = []
    wanted: list[holds.Wanted] = []
    ours = [adjusted.get(state.id, 0) for state, _ in newer]
    for (state, one), checked in zip(
        newer, check_all([one for _, one in newer], customers, skus, ours), strict=True
    ):
        found = {hold.kind: hold.because for hold in checked.holds}
        at, source = one.message.received_at, f"message:{one.message.id}"
        gone.extend(
            holds.Wanted(state, kind, "the checks pass now", at, source)
            for kind in state.holds
            if KINDS[kind].is_automatic and kind not in found and kind != "due"
        )
        wanted.extend(
            holds.Wanted(state, kind, because, at, source, expires_at=expiry(kind, one.order))
            for kind, because in found.items()
        )
    holds.take_back(gone, by="system")
    holds.place(wanted, by="system")


def _facts(newer: Sequence[tuple[OrderState, OrderState, "Told"]]) -> Iterator[OrderChanged | OrderCancelled]:
    for before, after, one in newer:
        at, actor, source = (
            one.message.received_at,
            f"connection:{one.message.slug}",
            f"message:{one.message.id}",
        )
        changed = {
            "total_minor": (before.total_minor, after.total_minor),
            "ship_to": (before.ship_to, after.ship_to),
        }
        yield OrderChanged(
            subject=after.subject,
            at=at,
            actor=actor,
            source=source,
            order_id=after.id,
            changed={name: pair for name, pair in changed.items() if pair[0] != pair[1]},
            because="a newer version came",
        )
        if one.order.is_cancelled and before.status != "cancelled":
            yield OrderCancelled(
                subject=after.subject,
                at=at,
                actor=actor,
                source=source,
                order_id=after.id,
                because=one.order.cancelled_because or "the channel cancelled it",
            )
