"""What a row of a Magento order cost before discounts and without tax, which its answers do not tell.

`base_row_total` is what is left after the discount, never below zero, and depends on whether the shop shows
prices with tax; in 2.4.8 it was that of one unit. `base_price` is rounded. `base_row_total_incl_tax` is the
row and its tax, less its discount, and so the row can be told from it. The subtotal of the order, which is
kept as it was counted, says which of these is right.

https://github.com/magento/magento2/issues/39984, read 2026-11-23.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from quartermaster.connectors.amounts import Amounts
from quartermaster.connectors.leaves import counted
from quartermaster.connectors.magento.translate.bodies import Item
from quartermaster.core.money import share

type Way = Callable[[Item, Amounts], int]


class Worth(NamedTuple):
    """Minor units of a row. With prices that include tax Magento's discount does too, and the tax in it is
    told once more as compensation: what is taken off without tax is the difference."""

    gross: int
    discount: int
    tax: int


def worth(row: Item, how: Way, what: str, amounts: Amounts) -> Worth:
    inside = amounts.minor(row.base_discount_tax_compensation_amount, what, may_be_negative=True)
    off = abs(amounts.minor(row.base_discount_amount, what, may_be_negative=True))
    return Worth(max(0, how(row, amounts)), max(0, off - inside), amounts.minor(row.base_tax_amount, what))


def shared(bundle: Worth, own: list[Worth], ordered: list[int]) -> list[Worth]:
    """What a bundle cost, among its parts: as they say themselves, by units where they cost nothing."""
    gross = share(bundle.gross or sum(w.gross for w in own), _weights([w.gross for w in own], ordered))
    off = share(bundle.discount or sum(w.discount for w in own), _weights([w.discount for w in own], gross))
    tax = share(bundle.tax or sum(w.tax for w in own), _weights([w.tax for w in own], gross))
    return [Worth(*each) for each in zip(gross, off, tax, strict=True)]


def _weights(told: list[int], otherwise: list[int]) -> list[int]:
    return told if any(told) else otherwise


def _from_all(row: Item, amounts: Amounts) -> int:
    tax = sum(
        _minor(told, amounts)
        for told in (
            row.base_tax_amount,
            row.base_discount_tax_compensation_amount,
            row.base_weee_tax_applied_amount,
        )
    )
    return _minor(row.base_row_total_incl_tax, amounts) - tax + _off(row, amounts)


def _before_discount(row: Item, amounts: Amounts) -> int:
    return _minor(row.base_row_total, amounts) + _off(row, amounts)


def _by_units(row: Item, amounts: Amounts) -> int:
    unit = amounts.minor(row.base_price, "a price", may_be_negative=True)
    return amounts.gross(row.base_price, unit, counted(row.qty_ordered), "a row") if unit > 0 else 0


def _as_told(row: Item, amounts: Amounts) -> int:
    return _minor(row.base_row_total, amounts)


_WAYS: tuple[Way, ...] = (_from_all, _before_discount, _by_units, _as_told)


def way(rows: Sequence[Item], subtotal: object, amounts: Amounts) -> Way:
    """How these rows are read: so that they come to the subtotal, where any way does that."""
    if subtotal is not None:
        told = amounts.minor(subtotal, "base_subtotal", may_be_negative=True)
        for each in _WAYS:
            if sum(max(0, each(row, amounts)) for row in rows) == told:
                return each
    return _from_all if any(row.base_row_total_incl_tax is not None for row in rows) else _before_discount


def _off(row: Item, amounts: Amounts) -> int:
    return abs(_minor(row.base_discount_amount, amounts))


def _minor(told: object, amounts: Amounts) -> int:
    return amounts.minor(told, "an amount of a row", may_be_negative=True)
