"""What our own people's changes do to the money of an order. As sold stays as the channel told it; beside it
stands the difference, derived from what is told now and what was changed here, whatever the sequence.

Tax follows a line's own rate as sold: what is added to or taken off its net times its tax, over its net as
sold; in one product, rounded once, half away from zero. Units that are taken off take their share of the
line's gross and discount; units that are added cost the price of the line and have no part in its discounts.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from quartermaster.orders.rules.units import Units


class Ours(Struct, frozen=True):
    """What our own people changed about a line. Money in minor units; an amount stays until the channel
    changes its own: `*_told` is what it said when we changed it."""

    added: int = 0  # units put on the line here
    told: int = 0  # units of this SKU that the channel's lines had then
    price_minor: int | None = None
    price_told_minor: int = 0
    discount_minor: int = 0  # beside the channel's own
    discount_told_minor: int = 0
    rate_tax_minor: int = 0  # for a line of ours: its tax over its net, taken from a line as sold
    rate_net_minor: int = 0


class LineTold(Struct, frozen=True):
    """A line as the channel tells it now; of a line that is ours the price is our own and the sums are 0."""

    unit_price_minor: int
    gross_minor: int
    discount_minor: int
    tax_minor: int
    units: Units
    ours: Ours = Ours()

    @property
    def sold(self) -> int:
        """Units the channel has on the line."""
        return self.units.sold - self.units.added

    @property
    def off(self) -> int:
        """Units we took off that the channel has not taken off itself."""
        return max(0, min(self.units.cancelled_here, self.units.sold) - self.units.cancelled_there)

    @property
    def price(self) -> int:
        """The price in force: ours, as long as the channel's own is what it was."""
        ours = self.ours
        if ours.price_minor is not None and ours.price_told_minor == self.unit_price_minor:
            return ours.price_minor
        return self.unit_price_minor


class OrderTold(Struct, frozen=True):
    """An order as the channel tells it now. `refunded_minor`: given back for anything but units that came off
    or came back. `shipping_here_minor`: the price of shipping our people set, while it stands."""

    items_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    fees_minor: int  # fees, tip and rounding
    total_minor: int
    paid_minor: int
    refunded_minor: int
    is_tax_included: bool
    is_cancelled: bool = False
    shipping_here_minor: int | None = None
    outstanding_minor: int = 0  # of what was sold, still to come in


class Difference(Struct, frozen=True):
    """Signed minor units, to be added to what was sold."""

    items_minor: int = 0
    discount_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0
    fees_minor: int = 0
    total_minor: int = 0


class Before(Struct, frozen=True):
    """How the money stood when our people first changed the order; and what they let go since."""

    overpaid_minor: int = 0
    refunded_minor: int = 0
    waived_minor: int = 0


class Position(Struct, frozen=True):
    """What is left to collect, or to give back: never both."""

    due_minor: int = 0
    owed_minor: int = 0


def line_difference(line: LineTold, *, is_tax_included: bool) -> Difference:
    """What our changes of one line come to. `total_minor` counts the tax when it is on top."""
    ours, units = line.ours, line.units
    ours_off = min(line.off, units.added)  # what was added last goes first
    theirs_off = min(line.off - ours_off, line.sold - units.cancelled_there)
    kept, added = line.sold - units.cancelled_there - theirs_off, units.added - ours_off
    items = added * line.price + (line.price - line.unit_price_minor) * kept
    items -= _part(line.gross_minor, theirs_off, line.sold)
    discount = -_part(line.discount_minor, theirs_off, line.sold)
    if kept + added:
        mirrored = max(0, line.discount_minor - ours.discount_told_minor)
        worth = line.price * (kept + added) - _part(line.discount_minor, kept, line.sold)
        discount += min(max(0, ours.discount_minor - mirrored), max(0, worth))
    net = items - discount
    tax = _part(line.tax_minor, net, line.gross_minor - line.discount_minor)
    if ours.rate_net_minor:
        tax = _part(ours.rate_tax_minor, net, ours.rate_net_minor)
    return Difference(items, discount, 0, tax, 0, net + (0 if is_tax_included else tax))


def difference(order: OrderTold, lines: Sequence[LineTold]) -> tuple[Difference, list[Difference]]:
    """What all our changes come to, and each line's part.

    Of an order of which nothing is left, because we took the rest off, shipping and fees go back as well.
    What the channel itself cancels, it settles itself: nothing of ours is left then.
    """
    is_left = any(line.sold + line.units.added > _off(line.units) for line in lines)
    is_off = any(line.off for line in lines) and not is_left
    if order.is_cancelled and not is_off:
        return Difference(), [Difference() for _ in lines]
    each = [line_difference(line, is_tax_included=order.is_tax_included) for line in lines]
    shipping = fees = 0
    if is_off:
        shipping, fees = -order.shipping_minor, -order.fees_minor
    elif order.shipping_here_minor is not None:
        shipping = order.shipping_here_minor - order.shipping_minor
    tax = sum(d.tax_minor for d in each) + _shipping_tax(order, lines, shipping)
    items, discount = sum(d.items_minor for d in each), sum(d.discount_minor for d in each)
    total = items - discount + shipping + fees + (0 if order.is_tax_included else tax)
    return Difference(items, discount, shipping, tax, fees, total), each


def position(order: OrderTold, total_minor: int, before: Before) -> Position:
    """What is left of a difference in the total: paid more than was sold covers what is due, refunds that
    are for no units cover what is owed, and so does what never came in. Never more is owed than is paid and
    not given back."""
    more = order.paid_minor - order.refunded_minor - order.total_minor - before.overpaid_minor
    rest = total_minor - max(0, more)
    if rest >= 0:
        return Position(due_minor=max(0, rest - before.waived_minor))
    back = max(0, order.refunded_minor - before.refunded_minor)
    owed = max(0, -rest - back - max(0, order.outstanding_minor))
    return Position(owed_minor=min(owed, max(0, order.paid_minor - order.refunded_minor)))


def still_ours(lines: Sequence[Ours], told: int) -> list[int]:
    """Of units added here to lines of one SKU, how many the channel has not sold itself since.

    `told`: units of the SKU on its lines now. Where it has more than when we added ours, it has taken ours
    over: the first line's first.
    """
    taken = max(0, told - max((one.told for one in lines), default=0))
    left = []
    for one in lines:
        mirrored = min(taken, one.added)
        taken -= mirrored
        left.append(one.added - mirrored)
    return left


def rate_of(lines: Iterable[LineTold]) -> tuple[int, int]:
    """Tax and net of these lines as sold: the rate for a line that has none of its own."""
    found = list(lines)
    return sum(line.tax_minor for line in found), sum(
        line.gross_minor - line.discount_minor for line in found
    )


def _off(units: Units) -> int:
    return max(units.cancelled_here, units.cancelled_there)


def _shipping_tax(order: OrderTold, lines: Sequence[LineTold], shipping: int) -> int:
    """Tax that no line carries is the shipping's; where none was charged, the lines' own rate counts."""
    tax, net = rate_of(lines)
    if order.shipping_minor:
        return _part(max(0, order.tax_minor - tax), shipping, order.shipping_minor)
    return _part(tax, shipping, net)


def _part(whole: int, weight: int, of: int) -> int:
    """whole × weight / of, rounded once, half away from zero; nothing of nothing."""
    if of <= 0:
        return 0
    product = whole * weight
    part = (2 * abs(product) + of) // (2 * of)
    return part if product >= 0 else -part
