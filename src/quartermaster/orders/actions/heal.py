"""A SKU or alias appeared: order lines that waited for it learn what they are."""

from collections.abc import Sequence

from quartermaster.catalog.queries import resolve
from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import OrderChanged, SkuChanged
from quartermaster.orders.actions import holds
from quartermaster.orders.actions.state import load, save

# Any line without a SKU may be meant, by SKU code or by alias: an index holds just those lines, and they
# are few.
UNKNOWN = """
select l.order_id, l.id, o.connection_id, l.code, l.alias
from orders_line l join orders_order o on o.id = l.order_id
where l.sku_id is null and (l.code = any(%(codes)s) or l.alias = any(%(codes)s))
order by l.order_id limit 2000
"""
CODES = """
select code from catalog_sku where id = any(%(ids)s) union select code from catalog_alias where sku_id =
  any(%(ids)s)
"""


def heal(changes: Sequence[SkuChanged]) -> None:
    """Give lines their SKU and release the hold when an order's last unknown line is known."""
    codes = [row[0] for row in sql.run(CODES, {"ids": sorted({change.sku_id for change in changes})})]
    found = sql.run(UNKNOWN, {"codes": codes})
    skus = resolve({(row[2], code) for row in found for code in row[3:5] if code})
    if not skus:
        return
    at, by, source = changes[-1].at, changes[-1].actor, changes[-1].subject
    lines = {line_id: skus.get((c, code)) or skus.get((c, alias)) for _, line_id, c, code, alias in found}
    orders = load(row[0] for row in found if lines[row[1]] is not None)
    for order in orders.values():
        for line in order.lines:
            line.sku_id = line.sku_id or lines.get(line.id)
    whole = [
        order
        for order in orders.values()
        if all(x.sku_id or not x.is_shippable or not x.units.open for x in order.lines)
    ]
    holds.take_back(
        [holds.Wanted(order, "sku", "every SKU is known now", at, source) for order in whole], by=by
    )
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
