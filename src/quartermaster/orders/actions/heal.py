"""A SKU or alias appeared: order lines that waited for it learn what they are."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.catalog.queries import resolve
from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import OrderChanged, SkuChanged
from quartermaster.orders.actions import holds
from quartermaster.orders.actions.meant import meant
from quartermaster.orders.actions.state import OrderState, load, save

PAGE = 1000

CODES = """
select code from catalog_sku where id = any(%(ids)s)
union select code from catalog_alias where sku_id = any(%(ids)s)
"""
# An index holds just the lines without a SKU: they are few, so looking at all of them in pages is cheap.
UNKNOWN = """
select l.order_id, l.id, o.connection_id, l.code, l.alias
from orders_line l join orders_order o on o.id = l.order_id
where l.sku_id is null and l.id > %(after)s and (l.code = any(%(codes)s) or l.alias = any(%(codes)s))
order by l.id limit %(page)s
"""


def heal(changes: Sequence[SkuChanged]) -> None:
    """The listener: give lines their SKU, and release the hold of an
    order whose last unknown line is known now."""
    codes = [row[0] for row in sql.run(CODES, {"ids": sorted({change.sku_id for change in changes})})]
    known: dict[int, int] = {}
    order_ids: set[int] = set()
    after = 0
    while found := sql.run(UNKNOWN, {"codes": codes, "after": after, "page": PAGE}):
        skus = resolve((row[2], code) for row in found for code in row[3:5])
        for order_id, line_id, connection_id, code, alias in found:
            sku_id = meant(skus, connection_id, code, alias)
            if sku_id is not None:
                known[line_id] = sku_id
                order_ids.add(order_id)
            after = line_id
    if order_ids:
        last = changes[-1]
        _tell_lines(load(order_ids), known, at=last.at, by=last.actor, source=last.subject)


LATE = """
select l.order_id, l.id, o.connection_id, l.code, l.alias
from orders_line l join orders_order o on o.id = l.order_id
where l.order_id = any(%s) and l.sku_id is null and l.is_shippable and l.open > 0
"""


def heal_late(order_ids: Sequence[int], *, at: datetime) -> None:
    """Heal those of these orders whose SKU appeared while they were captured: whoever told of the SKU could
    not see the order yet, and who captured the order not the SKU. To be asked when both are committed."""
    found = sql.run(LATE, (list(order_ids),))
    if not found:
        return
    skus = resolve((row[2], code) for row in found for code in row[3:5])
    known = {row[1]: meant(skus, *row[2:5]) for row in found}
    late = {row[0] for row in found if known[row[1]] is not None}
    if late:
        heard = {line_id: sku_id for line_id, sku_id in known.items() if sku_id is not None}
        _tell_lines(load(late), heard, at=at, by="system", source="catalog")


def _tell_lines(
    orders: dict[int, OrderState], known: dict[int, int], *, at: datetime, by: str, source: str
) -> None:
    for order in orders.values():
        for line in order.lines:
            line.sku_id = line.sku_id or known.get(line.id)
    whole = [
        order
        for order in orders.values()
        if all(line.sku_id or not line.is_shippable or not line.units.open for line in order.lines)
    ]
    holds.take_back([holds.Wanted(o, "sku", "every SKU is known now", at, source) for o in whole], by=by)
    emit(
        OrderChanged(
            subject=order.subject,
            at=at,
            actor=by,
            source=source,
            order_id=order.id,
            because="a SKU became known",
        )
        for order in orders.values()
    )
    save(list(orders.values()))
