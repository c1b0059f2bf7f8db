"""Checking a batch of orders: the set-up in force, and the facts that checks need beside the order itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from quartermaster.catalog.queries import goods, restrictions
from quartermaster.catalog.rules.restrictions import Way, judge
from quartermaster.core import sql
from quartermaster.core.actions.versions import next_version, write_version
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.core.money import Money
from quartermaster.core.queries.versions import Document, in_force
from quartermaster.events import ChecksChanged
from quartermaster.orders.rules.checks import DEFAULT, Checked, Facts, Step, check, problems

if TYPE_CHECKING:
    from quartermaster.orders.actions.take_in import Told

CHECKS = Document(
    "The checks", "orders_checks", "steps", tuple[Step, ...], DEFAULT, "What everybody starts with."
)
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
    found = in_force(CHECKS)
    names = {step.name for step in found.content}
    # A check that came with a later release runs as it does for everybody until somebody sets it.
    return found.version, (*found.content, *(step for step in DEFAULT if step.name not in names))


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
    barred = _barred(orders, skus) if "restricted" in on else ()
    return [
        check(
            one.order,
            Facts(
                known=[sku is not None for sku in line_skus],
                costs=[costs.get(sku or 0) for sku in line_skus] if costs else (),
                twin=twins.get(n, ""),
                barred=barred[n] if barred else (),
                adjusted_minor=adjusted[n] if adjusted else 0,
                at=one.message.received_at,
            ),
            steps,
        )
        for n, (one, line_skus) in enumerate(zip(orders, skus, strict=True))
    ]


def _barred(
    orders: Sequence["Told"], skus: Sequence[Sequence[int | None]]
) -> list[list[tuple[str, ...]]] | tuple[()]:
    """What speaks against each line, by the list for its destination; nothing while no line of the list is
    about any of them."""
    on = now().date()
    countries = [one.order.ship_to.country if one.order.ship_to else "" for one in orders]
    lines = restrictions(countries, on=on)
    if not lines:
        return ()
    known = goods({sku for line_skus in skus for sku in line_skus if sku is not None})
    return [
        [
            tuple(each.because for each in judge(known.get(sku or 0, ()), lines, Way(country, on)))
            for sku in line_skus
        ]
        for country, line_skus in zip(countries, skus, strict=True)
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
    with transaction.atomic():
        number = next_version(CHECKS, None)
        wrong = {f"checks {n}": problem for n, problem in enumerate(problems(steps), 1)}
        version = write_version(CHECKS, number, steps, wrong=wrong, because=because, at=at, by=by)
        emit([ChecksChanged(subject="checks", at=at, actor=by, version=version, because=because)])
    return version
