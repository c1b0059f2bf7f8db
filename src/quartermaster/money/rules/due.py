"""What a refund is made of, and what becomes of it when what is owed changes.

A part of a line is taken as the difference of two shares counted from its first unit, so that parts given
back one after another add up to the line exactly, in whatever sequence.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class LineBack(Struct, frozen=True):
    """What goes back for a line. tax_minor is within the amounts or on top of them, as the order was sold."""

    line_id: int
    units: int = 0
    items_minor: int = 0
    discount_minor: int = 0
    tax_minor: int = 0


class Parts(Struct, frozen=True):
    """What a refund is made of, in minor units. withheld: a fee, by policy; covered: of the rest, what was
    never paid or is given back already."""

    items_minor: int = 0
    discount_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0
    fees_minor: int = 0
    withheld_minor: int = 0
    covered_minor: int = 0
    is_tax_included: bool = False

    @property
    def amount_minor(self) -> int:
        return self.gross_minor - self.withheld_minor - self.covered_minor

    @property
    def gross_minor(self) -> int:
        tax = 0 if self.is_tax_included else self.tax_minor
        return self.items_minor - self.discount_minor + self.shipping_minor + self.fees_minor + tax


class Step(StrEnum):
    """What happens to the refund of a cause."""

    NONE = "none"
    OPEN = "open"
    CHANGE = "change"
    SETTLE = "settle"
    WITHDRAW = "withdraw"


class LineSold(Struct, frozen=True):
    """A line's money as it stands, of `units` units."""

    line_id: int
    units: int
    gross_minor: int
    discount_minor: int
    tax_minor: int


def within(owed_minor: int, *, paid_minor: int, refunded_minor: int, due_minor: int) -> int:
    """Of what is owed, what may be given back: never more than was paid, less what went back, less what is
    due for other causes."""
    return max(0, min(owed_minor, paid_minor - refunded_minor - due_minor))


def capped(parts: Parts, *, here_minor: int) -> Parts:
    """A refund that is due, as far as that much is still here of what was paid; the rest of it is covered."""
    less = parts.amount_minor - min(parts.amount_minor, max(0, here_minor))
    return replace(parts, covered_minor=parts.covered_minor + less)


def stays(before: Parts | None, now: Parts, *, is_told: bool, is_mirrored: bool) -> bool:
    """Is what was due still due, though nothing is owed any more? It is where the channel took over what was
    cancelled here (`is_mirrored`): that alone gives nobody any money back. `is_told`: since it fell due, the
    channel gave money back."""
    return before is not None and now.amount_minor <= 0 and is_mirrored and not is_told


def step(before: Parts | None, now: Parts, *, is_told: bool) -> Step:
    """`before`: the refund due so far. `is_told`: since it fell due, the channel gave money back."""
    if now.amount_minor <= 0:
        if before is None:
            return Step.NONE
        return Step.SETTLE if is_told else Step.WITHDRAW
    if before is None:
        return Step.OPEN
    return Step.NONE if before == now else Step.CHANGE


def part(whole: int, units: int, of: int) -> int:
    """whole × units / of, rounded once, half away from zero; nothing of nothing."""
    if of <= 0:
        return 0
    product = whole * units
    share = (2 * abs(product) + of) // (2 * of)
    return share if product >= 0 else -share


def units_back(line: LineSold, *, before: int, units: int) -> LineBack:
    """What `units` units of a line are worth of which `before` went back already."""
    upto = min(line.units, before + units)
    names = ("gross_minor", "discount_minor", "tax_minor")
    amounts = [
        part(getattr(line, name), upto, line.units) - part(getattr(line, name), before, line.units)
        for name in names
    ]
    return LineBack(line.line_id, max(0, upto - before), *amounts)


def together(lines: Sequence[LineBack], *, is_tax_included: bool, shipping_minor: int = 0) -> Parts:
    """Lines added up; with shipping where policy gives it back."""
    return Parts(
        items_minor=sum(line.items_minor for line in lines),
        discount_minor=sum(line.discount_minor for line in lines),
        tax_minor=sum(line.tax_minor for line in lines),
        shipping_minor=shipping_minor,
        is_tax_included=is_tax_included,
    )


def line_refundable(*, worth_minor: int, refunded_minor: int, due_minor: int) -> int:
    """What may still be given back for a line: what it cost, less what went back for it, less what is due."""
    return max(0, worth_minor - refunded_minor - due_minor)
