"""Lines of a Magento order: what ships, with the money of what was bought.

A configurable is sold as two rows: the parent bears the money, the units and the id that shipments and
refunds go by; the child says which SKU it is. A bundle is sold as a row and its parts: the parts ship, and
share what the bundle cost.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import code, counted, cut, identity, kept, line_id, units, whole
from quartermaster.connectors.magento.translate.bodies import Item
from quartermaster.core.money import share
from quartermaster.orders.ports import LineSold

_INTANGIBLE = ("virtual", "downloadable")


class Worth(NamedTuple):
    """Minor units of a row. With prices that include tax Magento's discount does too, and the tax in it is
    told once more as compensation: what is taken off without tax is the difference."""

    gross: int
    discount: int
    tax: int


class Moved(NamedTuple):
    """Units of a row."""

    cancelled: int
    shipped: int
    refunded: int
    returned: int


class Family(NamedTuple):
    """A row that belongs to no other, and those that belong to it."""

    row: Item
    parts: tuple[Item, ...]

    @property
    def is_bundle(self) -> bool:
        return bool(self.parts) and (self.row.product_type == "bundle" or len(self.parts) > 1)


def families(items: Sequence[Item], doubts: list[str]) -> list[Family]:
    ids = {identity(item.item_id): item for item in items}
    ids.pop("", None)
    parents = [ids.get(identity(item.parent_item_id)) for item in items]
    parts: dict[int, list[Item]] = {}
    tops = []
    for item, parent in zip(items, parents, strict=True):
        if parent is None or parent is item:
            tops.append(item)
        elif identity(parent.parent_item_id) in ids:
            doubts.append("A row of it belongs to a row that belongs to another.")
            tops.append(item)
        else:
            parts.setdefault(id(parent), []).append(item)
    return [Family(item, tuple(parts.get(id(item), ()))) for item in tops]


def lines_sold(items: list[Item], amounts: Amounts, *, is_closed: bool) -> tuple[LineSold, ...]:
    """`is_closed`: all the money went back, so what has not left never will."""
    seen: set[str] = set()
    found: list[LineSold] = []
    for family in families(kept(items, amounts.doubts), amounts.doubts):
        found += (_bundle if family.is_bundle else _single)(family, seen, len(found) + 1, amounts)
    if is_closed:
        found = [replace(line, cancelled=line.ordered - line.fulfilled) for line in found]
    return tuple(found)


def _single(family: Family, seen: set[str], position: int, amounts: Amounts) -> list[LineSold]:
    """A simple product, or a configurable with the one it was configured to."""
    row, shipped = family.row, family.parts[0] if family.parts else family.row
    name = line_id(row.item_id, position, seen, amounts.doubts)
    ordered = units(row.qty_ordered, f"line {name}", amounts.doubts)
    moved = _together(_moved(row), _moved(shipped))
    return [_line(row, shipped, name, ordered, worth(row, f"line {name}", amounts), moved, amounts)]


def _bundle(family: Family, seen: set[str], position: int, amounts: Amounts) -> list[LineSold]:
    parts = family.parts
    names = [line_id(part.item_id, position + n, seen, amounts.doubts) for n, part in enumerate(parts)]
    ordered = [
        units(part.qty_ordered, f"line {name}", amounts.doubts)
        for part, name in zip(parts, names, strict=True)
    ]
    own = [worth(part, f"line {name}", amounts) for part, name in zip(parts, names, strict=True)]
    costs = _shared(worth(family.row, f"bundle {identity(family.row.item_id)}", amounts), own, ordered)
    bundles = counted(family.row.qty_ordered)
    found = []
    for part, name, count, cost in zip(parts, names, ordered, costs, strict=True):
        each = count // bundles if bundles and count % bundles == 0 else 0
        gone = Moved(*(units * each for units in _moved(family.row)))
        found.append(_line(part, part, name, count, cost, _together(_moved(part), gone), amounts))
    return found


def _shared(whole: Worth, own: list[Worth], ordered: list[int]) -> list[Worth]:
    """What a bundle cost, among its parts: as they say themselves, by units where they cost nothing."""
    gross = share(whole.gross or sum(w.gross for w in own), _weights([w.gross for w in own], ordered))
    off = share(whole.discount or sum(w.discount for w in own), _weights([w.discount for w in own], gross))
    tax = share(whole.tax or sum(w.tax for w in own), _weights([w.tax for w in own], gross))
    return [Worth(*each) for each in zip(gross, off, tax, strict=True)]


def _weights(told: list[int], otherwise: list[int]) -> list[int]:
    return told if any(told) else otherwise


def worth(row: Item, what: str, amounts: Amounts) -> Worth:
    inside = amounts.minor(row.base_discount_tax_compensation_amount, what, may_be_negative=True)
    off = amounts.minor(row.base_discount_amount, what, may_be_negative=True)
    return Worth(
        amounts.minor(row.base_row_total, what),
        max(0, abs(off) - inside),
        amounts.minor(row.base_tax_amount, what),
    )


def _moved(row: Item) -> Moved:
    return Moved(
        counted(row.qty_canceled),
        counted(row.qty_shipped),
        counted(row.qty_refunded),
        counted(row.qty_returned),
    )


def _together(one: Moved, other: Moved) -> Moved:
    """Rows that belong together do not all count: the one that says more knows it."""
    return Moved(*map(max, one, other))


def _line(
    row: Item, shipped: Item, name: str, ordered: int, cost: Worth, moved: Moved, amounts: Amounts
) -> LineSold:
    gone = moved.cancelled + max(0, moved.refunded - moved.shipped)  # refunded before they left
    if gone + moved.shipped > ordered:
        amounts.doubts.append(f"line {name}: more units were sent or taken off than ordered.")
    fulfilled = min(moved.shipped, ordered)
    return LineSold(
        external_id=name,
        code=code(shipped.sku, f"line {name}", amounts.doubts)
        or code(row.sku, f"line {name}", amounts.doubts),
        title=cut(shipped.name or row.name),
        ordered=ordered,
        unit_price_minor=_unit_price(row, name, ordered, cost.gross, amounts),
        gross_minor=cost.gross,
        discount_minor=cost.discount,
        tax_minor=cost.tax,
        cancelled=min(gone, ordered - fulfilled),
        fulfilled=fulfilled,
        returned=min(moved.returned, fulfilled),
        is_shippable=not _is_intangible(shipped),
        channel_product=identity(shipped.product_id),
    )


def _unit_price(row: Item, name: str, ordered: int, gross: int, amounts: Amounts) -> int:
    """As told; of a part of a bundle that bears no price of its own, its share. Halves go up."""
    told = amounts.minor(row.base_price, f"line {name}")
    return told or ((2 * gross + ordered) // (2 * ordered) if ordered else 0)


def _is_intangible(row: Item) -> bool:
    return row.is_virtual is True or whole(row.is_virtual) == 1 or row.product_type in _INTANGIBLE
