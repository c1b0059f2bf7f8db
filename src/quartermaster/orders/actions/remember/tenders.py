"""Payments of orders of the past."""

from collections.abc import Sequence
from typing import Final

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.kept import Kept, refused
from quartermaster.orders.actions.remember.lines import of_an_order
from quartermaster.orders.actions.remember.settle import settle
from quartermaster.orders.rules import history as rules
from quartermaster.orders.rules.history import PastTender

REMEMBER: Final = """
with told as (
  select t.*, o.id as order_id,
    (o.detail->'history'->>'version')::int is not distinct from o.version as is_ours
  from jsonb_to_recordset(%(tenders)s::jsonb) as t(
    n int, "order" text, external_id text, kind text, gateway text, amount_minor bigint, at timestamptz,
    installments smallint)
  left join orders_order o on o.connection_id = %(connection)s and o.external_id = t."order"),
old as (
  select t.n, x.id from told t join orders_tender x on x.order_id = t.order_id
    and x.external_id = t.external_id),
fresh as (
  insert into orders_tender (
    order_id, external_id, kind, gateway, amount_minor, state, at, installments)
  select order_id, external_id, kind, gateway, amount_minor, 'captured', at, installments
  from told where is_ours and not exists (select from old where old.n = told.n) order by n
  on conflict (order_id, external_id) do nothing
  returning id, order_id, external_id),
changed as (
  update orders_tender x set
    kind = t.kind, gateway = t.gateway, amount_minor = t.amount_minor, at = t.at,
    installments = t.installments
  from told t join old using (n)
  where x.id = old.id and t.is_ours and (x.kind, x.gateway, x.amount_minor, x.at, x.installments)
    is distinct from (t.kind, t.gateway, t.amount_minor, t.at, t.installments)
  returning x.id)
select t.n, t.order_id, coalesce(fresh.id, old.id), case
  when t.order_id is null then 'lost'
  when fresh.id is not null then 'new'
  when changed.id is not null then 'changed'
  when t.is_ours and old.id is not null then 'same'
  when old.id is not null then 'touched'
  else 'late' end
from told t left join fresh on fresh.order_id = t.order_id and fresh.external_id = t.external_id
  left join old using (n) left join changed on changed.id = old.id
order by t.n
"""


@transaction.atomic
def remember_tenders(tenders: Sequence[PastTender], *, connection_id: int) -> list[Kept]:
    """Keep payments of orders that are remembered already, one answer for each; what is paid follows."""
    answers: dict[int, Kept] = {}
    firsts: dict[tuple[str, str], int] = {}
    for n, tender in enumerate(tenders):
        if wrong := rules.wrong_with_tender(tender):
            answers[n] = refused(wrong)
        elif firsts.setdefault((tender.order, tender.external_id), n) != n:
            answers[n] = refused(f"payment: {tender.external_id} of order {tender.order} stands there twice")
    rows = [
        {"n": n, **msgspec.structs.asdict(tender)} for n, tender in enumerate(tenders) if n not in answers
    ]
    touched = []
    for n, order_id, tender_id, became in sql.run(
        REMEMBER, {"tenders": sql.rows(rows), "connection": connection_id}
    ):
        answers[n] = of_an_order(tenders[n].order, order_id, tender_id, became)
        if became in ("new", "changed"):
            touched.append(order_id)
    settle(touched)
    return [answers[n] for n in range(len(tenders))]
