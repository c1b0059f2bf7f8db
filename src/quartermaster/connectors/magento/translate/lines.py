"""Lines of a Magento order: what ships, with the money of what was bought.

A configurable is sold as two rows: the parent bears the money, the units and the id that shipments and
refunds go by; the child says which SKU it is. A bundle is sold as a row and its parts: the parts ship, and
share what the bundle cost.
"""

from collections.abc import Sequence
from typing import NamedTuple

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import code, counted, cut, identity, kept, line_id, units, whole
from quartermaster.connectors.magento.translate.bodies import Item
from quartermaster.connectors.magento.translate.moving import Moved, gone, moved
from quartermaster.connectors.magento.translate.rows import Way, Worth, shared, way, worth
from quartermaster.orders.ports import LineSold

_INTANGIBLE = ("virtual", "downloadable")


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


def lines_sold(items: list[Item], subtotal: object, state: str, amounts: Amounts) -> tuple[LineSold, ...]:
    all_of_them = families(kept(items, amounts.doubts), amounts.doubts)
    reader = Reader(way([each.row for each in all_of_them], subtotal, amounts), state, amounts)
    found: list[LineSold] = []
    for family in all_of_them:
        found += (reader.bundle if family.is_bundle else reader.single)(family, len(found) + 1)
    return tuple(found)


class Reader:
    """The families of one order: how their rows are counted, and its state."""

    def __init__(self, how: Way, state: str, amounts: Amounts) -> None:
        self._how, self._state, self._amounts = how, state, amounts
        self._seen: set[str] = set()

    def single(self, family: Family, position: int) -> list[LineSold]:
        """A simple product, or a configurable with the one it was configured to."""
        row, shipped = family.row, family.parts[0] if family.parts else family.row
        name = self._name(row, position)
        ordered = units(row.qty_ordered, f"line {name}", self._amounts.doubts)
        cost = worth(row, self._how, f"line {name}", self._amounts)
        return [self._line(row, shipped, name, ordered, cost, moved(row).beside(moved(shipped)))]

    def bundle(self, family: Family, position: int) -> list[LineSold]:
        """Its parts. What was shipped or taken off by the bundle's own row was so of each of them."""
        parts, doubts = family.parts, self._amounts.doubts
        names = [self._name(part, position + n) for n, part in enumerate(parts)]
        ordered = [
            units(part.qty_ordered, f"line {name}", doubts) for part, name in zip(parts, names, strict=True)
        ]
        own = [worth(part, self._how, "a part of a bundle", self._amounts) for part in parts]
        costs = shared(worth(family.row, self._how, "a bundle", self._amounts), own, ordered)
        bundles = counted(family.row.qty_ordered)
        found = []
        for part, name, count, cost in zip(parts, names, ordered, costs, strict=True):
            each = count // bundles if bundles and count % bundles == 0 else 0
            units_moved = moved(part).beside(moved(family.row).times(each))
            found.append(self._line(part, part, name, count, cost, units_moved))
        return found

    def _name(self, row: Item, position: int) -> str:
        return line_id(row.item_id, position, self._seen, self._amounts.doubts)

    def _line(
        self, row: Item, shipped: Item, name: str, ordered: int, cost: Worth, units_moved: Moved
    ) -> LineSold:
        what, doubts = f"line {name}", self._amounts.doubts
        left = gone(units_moved, ordered, self._state, what, doubts)
        return LineSold(
            external_id=name,
            code=code(shipped.sku, what, doubts) or code(row.sku, what, doubts),
            title=cut(shipped.name or row.name),
            ordered=ordered,
            unit_price_minor=self._unit_price(row, what, ordered, cost.gross),
            gross_minor=cost.gross,
            discount_minor=cost.discount,
            tax_minor=cost.tax,
            cancelled=left.cancelled,
            fulfilled=left.fulfilled,
            returned=left.returned,
            is_shippable=not _is_intangible(shipped),
            channel_product=identity(shipped.product_id),
        )

    def _unit_price(self, row: Item, what: str, ordered: int, gross: int) -> int:
        """As told; of a part of a bundle that bears no price of its own, its share. Halves go up."""
        told = self._amounts.minor(row.base_price, what)
        return told or ((2 * gross + ordered) // (2 * ordered) if ordered else 0)


def _is_intangible(row: Item) -> bool:
    return row.is_virtual is True or whole(row.is_virtual) == 1 or row.product_type in _INTANGIBLE
