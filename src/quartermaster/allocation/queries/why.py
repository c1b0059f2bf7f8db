"""Why an order is served from where it is: each decision with all it was made from, asked once more."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from quartermaster.allocation.rules import (
    BY_HAND,
    Candidate,
    Inputs,
    Parcel,
    Routing,
    Waiting,
    assign,
    describe,
    route,
    what_would_change,
)
from quartermaster.core import sql
from quartermaster.core.pages import Page, cut, position

DECISIONS = """
select id, at, actor, trigger, rule_version, inputs, routing from allocation_decision
where order_id = %(order)s and (%(before)s::bigint is null or id < %(before)s)
order by id desc limit %(limit)s
"""
_inputs = msgspec.json.Decoder(Inputs)
_routing = msgspec.json.Decoder(Routing)


NEWEST = """
select distinct on (order_id) order_id, routing from allocation_decision where order_id = any(%s)
order by order_id, id desc
"""


class Why(msgspec.Struct, frozen=True):
    """One decision. is_reproducible: the stored inputs, asked again now, give the very same answer.

    rules: the stack in force then, a sentence each. would_serve_if: for a site that was not chosen, the
    smallest single change that would have had it chosen.
    """

    id: str
    at: datetime
    actor: str
    trigger: str
    rule: str
    rule_version: int
    rules: tuple[str, ...]
    because: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    parcels: tuple[Parcel, ...]
    waiting: tuple[Waiting, ...]
    inputs: Inputs
    is_reproducible: bool
    would_serve_if: dict[str, str]


def why(order_id: int, *, after: str = "", limit: int = 10) -> Page[Why]:
    """The decisions about an order, newest first. What would have
    changed it is told for the newest of a page."""
    wanted = {"order": order_id, "before": position(after), "limit": limit + 1}
    found = cut(sql.run(DECISIONS, wanted), limit, lambda row: row[0])
    return Page([_told(*row, is_newest=n == 0) for n, row in enumerate(found.items)], found.next)


def why_waiting(order_ids: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
    """Order id -> what is wanted -> why the newest decision has units of it wait."""
    rows = sql.run(NEWEST, (list(order_ids),)) if order_ids else []
    return {
        order_id: {one.code: one.because for one in _routing.decode(routing).waiting}
        for order_id, routing in rows
    }


def _told(
    decision_id: int,
    at: datetime,
    actor: str,
    trigger: str,
    rule_version: int,
    inputs_json: bytes,
    routing_json: bytes,
    *,
    is_newest: bool,
) -> Why:
    inputs, routing = _inputs.decode(inputs_json), _routing.decode(routing_json)
    is_same = is_reproducible(inputs, routing)
    return Why(
        id=str(decision_id),
        at=at,
        actor=actor,
        trigger=trigger,
        rule=routing.rule,
        rule_version=rule_version,
        rules=tuple(describe(rule, inputs.order.currency) for rule in inputs.rules.rules),
        because=routing.because,
        candidates=routing.candidates,
        parcels=routing.parcels,
        waiting=routing.waiting,
        inputs=inputs,
        is_reproducible=is_same,
        would_serve_if=dict(_would_serve_if(inputs, routing)) if is_newest and is_same else {},
    )


def is_reproducible(inputs: Inputs, routing: Routing) -> bool:
    """Whether the rules of today's program still draw this answer from these inputs."""
    try:
        if routing.rule != BY_HAND:
            return route(inputs.order, inputs.sites, inputs.rules) == routing
        # The person's choice is not among the inputs: it is the one site that gives this answer.
        return any(
            assign(inputs.order, inputs.sites, inputs.rules, site.code) == routing for site in inputs.sites
        )
    except KeyError:  # made with a filter or criterion that this version of the program does not have
        return False


def _would_serve_if(inputs: Inputs, routing: Routing) -> Iterator[tuple[str, str]]:
    if routing.rule == BY_HAND:
        return
    for candidate in routing.candidates:
        told = None if candidate.is_chosen else what_would_change(inputs, candidate.site)
        if told is not None:
            yield candidate.site, told
