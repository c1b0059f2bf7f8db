"""Money that was given back for orders of the past."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import emit, record
from quartermaster.core.kept import Became, Kept, refused
from quartermaster.events import OrderRefunded, PaymentChanged
from quartermaster.orders.rules import history as rules
from quartermaster.orders.rules.history import PastRefund

REMEMBER: Final = """
with told as (
  select t.*, o.id as order_id, o.currency from jsonb_to_recordset(%(refunds)s::jsonb) as t(
    n int, "order" text, external_id text, at timestamptz, amount_minor bigint, because text, lines jsonb)
  left join orders_order o on o.connection_id = %(connection)s and o.external_id = t."order"),
fresh as (
  insert into orders_refund (order_id, external_id, at, amount_minor, shipping_minor, lines, because)
  select order_id, external_id, at, amount_minor, 0, lines, because from told
  where order_id is not null order by n
  on conflict (order_id, external_id) do nothing
  returning id, order_id, external_id)
select told.n, told.order_id, told.currency, fresh.id
from told left join fresh using (order_id, external_id) order by told.n
"""
# Never less than what its refunds come to; more, when the order itself says so.
COUNT: Final = """
with told as (
  select order_id, sum(amount_minor)::bigint as given from orders_refund where order_id = any(%s) group by 1)
update orders_order o set refunded_minor = told.given
from told where o.id = told.order_id and o.refunded_minor < told.given
returning o.id, o.paid_minor, o.refunded_minor,
  (o.detail->'history'->>'version')::int is distinct from o.version
"""


@transaction.atomic
def remember_refunds(refunds: Sequence[PastRefund], *, connection_id: int, by: str) -> list[Kept]:
    """Keep refunds of orders that are remembered already, one answer for each. What is known stays as it is.

    This adds when, why and for which units; where they are is told with the lines.
    """
    answers: dict[int, Kept] = {}
    for n, refund in enumerate(refunds):
        if wrong := rules.wrong_with_refund(refund):
            answers[n] = refused(wrong)
    rows = [{"n": n, **_row(refund)} for n, refund in enumerate(refunds) if n not in answers]
    facts = []
    for n, order_id, currency, refund_id in sql.run(
        REMEMBER, {"refunds": sql.rows(rows), "connection": connection_id}
    ):
        refund = refunds[n]
        if order_id is None:
            answers[n] = refused(f"order: there is no order {refund.order}; import it first")
            continue
        answers[n] = Kept(refund_id, Became.NEW if refund_id else Became.SAME)
        if refund_id:
            facts.append(
                OrderRefunded(
                    subject=f"order:SO-{order_id}",
                    at=refund.at,
                    actor=by,
                    order_id=order_id,
                    refund=refund.external_id,
                    amount_minor=refund.amount_minor,
                    currency=currency,
                )
            )
    if facts:
        emit(_paid(facts))
    record(facts)
    return [answers[n] for n in range(len(refunds))]


def _paid(facts: Sequence[OrderRefunded]) -> list[PaymentChanged]:
    """Counts them; and what our people have worked on since must hear of it, for something may be due."""
    last = {fact.order_id: fact for fact in facts}
    return [
        PaymentChanged(
            subject=last[order_id].subject,
            at=last[order_id].at,
            actor=last[order_id].actor,
            order_id=order_id,
            paid_minor=paid,
            refunded_minor=refunded,
            currency=last[order_id].currency,
        )
        for order_id, paid, refunded, is_touched in sql.run(COUNT, (sorted(last),))
        if is_touched
    ]


def _row(refund: PastRefund) -> dict[str, object]:
    """The units as a channel's own refund tells them."""
    lines = (
        [
            {
                "line_external_id": refund.line,
                "quantity": refund.units,
                "restock": refund.restock,
                "amount_minor": refund.amount_minor,
                "tax_minor": 0,
            }
        ]
        if refund.line
        else []
    )
    return {
        "order": refund.order,
        "external_id": refund.external_id,
        "at": refund.at,
        "amount_minor": refund.amount_minor,
        "because": refund.because,
        "lines": lines,
    }
