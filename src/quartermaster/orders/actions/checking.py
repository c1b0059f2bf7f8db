"""Checking a batch of orders: the set-up in force, and the facts that checks need beside the order itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.core.money import Money
from quartermaster.events import ChecksChanged
from quartermaster.orders.rules.checks import DEFAULT, Checked, Facts, Step, check, problems

if TYPE_CHECKING:
    from quartermaster.orders.actions.take_in import Told

IN_FORCE = "select version, steps::text from orders_checks order by version desc limit 1"
WRITE = """
insert into orders_checks (version, steps, because, actor, created_at) values (%s, %s::jsonb, %s, %s, %s)
"""
COSTS = "select id, cost_minor, currency from catalog_sku where id = any(%s) and cost_minor is not null"
TWINS = """
select t.n, min('SO-' || o.id)
from jsonb_to_recordset(%(orders)s::jsonb)
  as t(n int, customer_id bigint, connection_id bigint, external_id text, total bigint, placed_at timestamptz)
join orders_order o on o.customer_id = t.customer_id and o.total_minor = t.total
  and o.placed_at between t.placed_at - %(minutes)s * interval '1 minute'
                      and t.placed_at + %(minutes)s * interval '1 minute'
  and (o.connection_id, o.external_id) <> (t.connection_id, t.external_id)
  and o.status not in ('cancelled', 'returned')
group by t.n
"""


def steps_in_force() -> tuple[int, tuple[Step, ...]]:
    """Version and steps; version 1 is what everybody starts with."""
    found = sql.run(IN_FORCE)
    return (found[0][0], msgspec.json.decode(found[0][1], type=tuple[Step, ...])) if found else (1, DEFAULT)


def check_all(
    orders: Sequence["Told"],
    customers: Sequence[int | None],
    skus: Sequence[Sequence[int | None]],
    adjusted: Sequence[int] = (),
) -> list[Checked]:
    """Check a batch; `skus` gives the SKU id per line, `adjusted` what our own people's changes add to the
    total of each, in minor units (default: nothing). Facts are read only for checks that are on."""
    _, steps = steps_in_force()
    on = {step.name: step for step in steps if step.is_on}
    costs = _costs({s for line_skus in skus for s in line_skus if s is not None}) if "margin" in on else {}
    twins = _twins(orders, customers, on["duplicate"].limit) if "duplicate" in on else {}
    return [
        check(
            one.order,
            Facts(
                known=[sku is not None for sku in line_skus],
                costs=[costs.get(sku or 0) for sku in line_skus] if costs else (),
                twin=twins.get(n, ""),
                adjusted_minor=adjusted[n] if adjusted else 0,
            ),
            steps,
        )
        for n, (one, line_skus) in enumerate(zip(orders, skus, strict=True))
    ]


def _costs(sku_ids: set[int]) -> dict[int, Money]:
    return {i: Money(minor, currency) for i, minor, currency in sql.run(COSTS, (sorted(sku_ids),))}


def _twins(orders: Sequence["Told"], customers: Sequence[int | None], minutes: int) -> dict[int, str]:
    told = [
        {
            "n": n,
            "customer_id": customer_id,
            "connection_id": one.message.connection_id,
            "external_id": one.order.external_id,
            "total": one.order.totals.total,
            "placed_at": one.order.placed_at,
        }
        for n, (one, customer_id) in enumerate(zip(orders, customers, strict=True))
        if customer_id is not None
    ]
    return dict(sql.run(TWINS, {"orders": sql.rows(told), "minutes": minutes}))


def write_checks(steps: tuple[Step, ...], *, because: str, at: datetime, by: str) -> int:
    """Put a new version of the checks in force, for orders that come or change from now on; returns it.

    Raises Invalid with every problem in words.
    """
    wrong = problems(steps)
    if wrong or not because.strip():
        errors = {f"checks {n}": problem for n, problem in enumerate(wrong, 1)}
        raise Invalid(what="The checks", errors=errors or {"because": "say why"})
    with transaction.atomic():
        sql.run("lock table orders_checks in exclusive mode")
        version = steps_in_force()[0] + 1
        sql.run(WRITE, (version, sql.rows(steps), because, by, at))
        emit([ChecksChanged(subject="checks", at=at, actor=by, version=version, because=because)])
    return version
