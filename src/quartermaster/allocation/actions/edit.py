"""An order edited by a person, with what it means for stock said at once: before or as it happens."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from quartermaster.allocation.actions.gather import gather, order_facts, site_facts, wanted
from quartermaster.allocation.rules import route
from quartermaster.orders import actions as orders
from quartermaster.orders.actions import Edited
from quartermaster.orders.actions.state import OrderState
from quartermaster.orders.rules.holds import Blocks


class Foreseen(NamedTuple):
    """Units of a line that need a site: `sites` says from where they could be promised now, `waiting` how
    many could not be, `because` why not."""

    line_id: int
    sku: str
    units: int
    sites: Mapping[str, int]
    waiting: int
    because: str


class Seen(NamedTuple):
    """What a change comes to, and what would be promised for it now."""

    edited: Edited
    stock: tuple[Foreseen, ...]


class _Rehearsed(Exception):
    """Everything was done, and is undone."""


def edit(number: str, *, rehearses: bool = False, at: datetime, by: str, **changes: Any) -> Seen:
    """Edit an order (`orders.actions.edit`: the same changes, the same refusals) and look what is free for
    it. With `rehearses` all of it is done and undone again: the answer is what would be, to the cent.

    Nothing is reserved here. Units are promised in the order's turn, so what is free may be gone by then.
    """
    seen: Seen | None = None
    try:
        with transaction.atomic():
            edited = orders.edit(number, at=at, by=by, **changes)
            seen = Seen(edited, _foresee(edited.order, at=at))
            if rehearses:
                raise _Rehearsed
    except _Rehearsed:
        pass
    assert seen is not None
    return seen


def _foresee(order: OrderState, *, at: datetime) -> tuple[Foreseen, ...]:
    """Ask the rules, lock nothing, store nothing."""
    open_lines = {line.id: line for line in order.lines if line.needs}
    if not open_lines:
        return ()
    if order.is_blocked(Blocks.ALLOCATION):
        held = "A hold keeps units from being promised."
        return tuple(
            Foreseen(line.id, line.code, line.needs, {}, line.needs, held) for line in open_lines.values()
        )
    ground = gather([line.sku_id for line in open_lines.values() if line.sku_id], lock=False, at=at)
    facts = order_facts(order, wanted(order, ground), ground, at)
    routing = route(facts, site_facts(facts, ground), ground.rules)
    waiting = {one.line_id: one for one in routing.waiting}
    sites: dict[int, dict[str, int]] = {}
    for parcel in routing.parcels:
        for take in parcel.takes:
            sites.setdefault(take.line_id, {})[parcel.site] = take.quantity
    return tuple(
        Foreseen(
            line.id,
            line.code,
            line.needs,
            sites.get(line.id, {}),
            waiting[line.id].quantity if line.id in waiting else 0,
            waiting[line.id].because if line.id in waiting else "",
        )
        for line in open_lines.values()
    )
