"""What some figures tell beside their value: reasons, buckets, and what could not be counted."""

from typing import Any

from quartermaster.core import sql
from quartermaster.insight.queries.facts import Ask, text
from quartermaster.insight.queries.facts.placed import REASONS
from quartermaster.insight.queries.facts.shipped import ERRORS_ARE_TOLD
from quartermaster.insight.queries.facts.stocked import AGES, BUCKETS
from quartermaster.insight.queries.totals import named, roomy
from quartermaster.insight.rules.figures import Told

_REASONS_MAX = 3
NO_ERRORS_TOLD = "no refund with a reason has been told yet: nothing is known of errors"
CONDITION = "condition: no refund with a reason has been told yet"


def extras(ask: Ask) -> dict[str, Told]:
    """Key -> what is added to that figure."""
    told: dict[str, Told] = {"return_rate": {"top_reasons": _reasons(ask)}}
    stock = _run(AGES, ask)
    turnover, ageing = (sum(row[n] for row in stock) for n in (1, 2))
    if turnover:
        told["inventory_turnover"] = {"skus_without_cost": turnover}
    told["aging_stock_share"] = {"skus_without_cost": ageing} if ageing else {}
    told["aging_stock_share"]["buckets"] = [
        {"currency": currency, "value_minor": dict(zip(BUCKETS, values, strict=True))}
        for currency, _, _, *values, counted in stock
        if counted
    ]
    if not _run(ERRORS_ARE_TOLD, ask)[0][0]:
        told["fulfilment_accuracy"] = {"because": NO_ERRORS_TOLD}
        told["perfect_order_rate"] = {"unchecked": [CONDITION]}
    return told


def _reasons(ask: Ask) -> list[Told]:
    """The three that brought most units back, as they were told, with their share of all units."""
    found = _run(REASONS, ask)
    units = sum(row[1] for row in found)
    return [
        {"because": because, "units": count, "share": count / units}
        for because, count in found[:_REASONS_MAX]
    ]


def _run(statement: str, ask: Ask) -> list[tuple[Any, ...]]:
    statement = text(statement, ask)
    with roomy():
        return sql.run(statement, named(statement, ask.params), prepare=False)
