"""Lines of orders of the past."""

from collections.abc import Sequence
from typing import Final

import msgspec
from django.db import transaction

from quartermaster.catalog.queries import resolve
from quartermaster.core import sql
from quartermaster.core.kept import Became, Kept, refused
from quartermaster.orders.actions.remember.settle import settle
from quartermaster.orders.rules import history as rules
from quartermaster.orders.rules.history import PastLine

REMEMBER: Final = """
with told as (
  select t.*, o.id as order_id, o.detail->'history'->>'state' as state,
    (o.detail->'history'->>'version')::int is not distinct from o.version as is_ours
  from jsonb_to_recordset(%(lines)s::jsonb) as t(
    n int, "order" text, external_id text, code text, sku_id bigint, title text, ordered bigint,
    unit_price_minor bigint, discount_minor bigint, tax_minor bigint, shipping_minor bigint,
    cancelled bigint, returned bigint, is_shippable boolean)
  left join orders_order o on o.connection_id = %(connection)s and o.external_id = t."order"),
meant as (
  select t.*, case t.state when 'cancelled' then 0 else t.ordered - t.cancelled end as wanted,
    t.unit_price_minor * t.ordered as gross_minor from told t where t.order_id is not null),
placed as (
  select m.*, case when state in ('shipped', 'delivered', 'returned') then wanted else 0 end as shipped,
    case when state in ('delivered', 'returned') then wanted else 0 end as delivered,
    case state when 'returned' then wanted else least(m.returned, wanted) end as sent_back
  from meant m),
old as (
  select p.n, l.id from placed p join orders_line l on l.order_id = p.order_id
    and l.external_id = p.external_id),
room as (
  select l.order_id, max(l.position) as last from orders_line l
  where l.order_id in (select order_id from placed) group by l.order_id),
fresh as (
  insert into orders_line (
    order_id, position, external_id, code, sku_id, title, unit_price_minor, gross_minor, discount_minor,
    tax_minor, shipping_minor, is_shippable, ordered, open, shipped, delivered, cancelled, returned, sold,
    wanted, fulfilled, sent_back, cancelled_there)
  select p.order_id,
    coalesce(room.last, 0) + row_number() over (partition by p.order_id order by p.n), p.external_id, p.code,
    p.sku_id, p.title, p.unit_price_minor, p.gross_minor, p.discount_minor, p.tax_minor, p.shipping_minor,
    p.is_shippable, p.ordered, case p.state when 'open' then p.wanted else 0 end, p.shipped, p.delivered,
    p.ordered - p.wanted, least(p.sent_back, p.shipped), p.ordered, p.wanted, p.shipped, p.sent_back,
    p.ordered - p.wanted
  from placed p left join room using (order_id)
  where p.is_ours and not exists (select from old where old.n = p.n)
  order by p.n
  returning id, order_id, external_id),
changed as (
  update orders_line l set
    code = p.code, sku_id = coalesce(p.sku_id, l.sku_id), title = p.title,
    unit_price_minor = p.unit_price_minor, gross_minor = p.gross_minor, discount_minor = p.discount_minor,
    tax_minor = p.tax_minor, shipping_minor = p.shipping_minor, is_shippable = p.is_shippable,
    ordered = p.ordered, open = case p.state when 'open' then p.wanted else 0 end, shipped = p.shipped,
    delivered = p.delivered, cancelled = p.ordered - p.wanted, returned = least(p.sent_back, p.shipped),
    sold = p.ordered, wanted = p.wanted, fulfilled = p.shipped, sent_back = p.sent_back,
    cancelled_there = p.ordered - p.wanted
  from placed p join old using (n)
  where l.id = old.id and p.is_ours and (
      l.code, l.sku_id, l.title, l.unit_price_minor, l.discount_minor, l.tax_minor, l.shipping_minor,
      l.is_shippable, l.sold, l.wanted, l.sent_back)
    is distinct from (
      p.code, coalesce(p.sku_id, l.sku_id), p.title, p.unit_price_minor, p.discount_minor, p.tax_minor,
      p.shipping_minor, p.is_shippable, p.ordered, p.wanted, p.sent_back)
  returning l.id)
select t.n, t.order_id, coalesce(fresh.id, old.id), case
  when t.order_id is null then 'lost'
  when fresh.id is not null then 'new'
  when changed.id is not null then 'changed'
  when t.is_ours then 'same'
  when old.id is not null then 'touched'
  else 'late' end
from told t left join fresh on fresh.order_id = t.order_id and fresh.external_id = t.external_id
  left join old using (n) left join changed on changed.id = old.id
order by t.n
"""


@transaction.atomic
def remember_lines(lines: Sequence[PastLine], *, connection_id: int) -> list[Kept]:
    """Keep lines of orders that are remembered already, one answer for each; totals and status follow.

    A SKU nobody knows is kept by its code: the line finds it when it is made.
    """
    answers: dict[int, Kept] = {}
    firsts: dict[tuple[str, str], int] = {}
    for n, line in enumerate(lines):
        if wrong := rules.wrong_with_line(line):
            answers[n] = refused(wrong)
        elif firsts.setdefault((line.order, line.external_id), n) != n:
            answers[n] = refused(f"line: {line.external_id} of order {line.order} stands there twice")
    skus = resolve((connection_id, line.code) for line in lines)
    rows = [
        {"n": n, "sku_id": skus.get((connection_id, line.code)), **msgspec.structs.asdict(line)}
        for n, line in enumerate(lines)
        if n not in answers
    ]
    touched = []
    for n, order_id, line_id, became in sql.run(
        REMEMBER, {"lines": sql.rows(rows), "connection": connection_id}
    ):
        answers[n] = of_an_order(lines[n].order, order_id, line_id, became)
        if became in ("new", "changed"):
            touched.append(order_id)
    settle(touched)
    return [answers[n] for n in range(len(lines))]


def of_an_order(order: str, order_id: int | None, row_id: int | None, became: str) -> Kept:
    """The answer for something that belongs to an order: `became` as the statements say it."""
    match became:
        case "lost":
            return refused(f"order: there is no order {order}; import it first")
        case "late":
            return refused(
                f"SO-{order_id} came in over its connection or was changed here: it stays as it is"
            )
        case "touched":  # what is there is there; whether it is the same nobody asks any more
            return Kept(row_id, Became.SAME)
    return Kept(row_id, Became(became))
