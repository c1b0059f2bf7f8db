"""What keeps a price from being sent: it does not cover its cost, moves too far at once, is in another
currency. A person may let most of it through; nothing is let through by itself."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import Literal

from msgspec import Struct

from quartermaster.core.money import Money

ALL_BP = 10_000

type Kind = Literal["nothing", "currency", "cost", "floor", "least", "most", "change"]

LETS: frozenset[str] = frozenset(
    {"cost", "floor", "least", "most", "change"}
)  # what a person may let through


class Guard(Struct, frozen=True):
    """What prices of a shop are held against. `fee_bp` of what a buyer pays and `fee_minor` of each unit go
    to the marketplace; prices include `tax_bp` on the net; `margin_bp` of the net has to be left.
    change_percent: how far a price may move, against what it costs there and what it cost before the first
    change of the last `period_days`; None: as far as it likes."""

    fee_bp: int = 0
    fee_minor: int = 0
    tax_bp: int = 0
    margin_bp: int = 0
    change_percent: int | None = 30
    period_days: int = 7
    stops_without_cost: bool = False


class Known(Struct, frozen=True):
    """What is known of a listing. cost_minor: of one unit, None where nobody wrote it down or it stands in
    another currency than `cost_currency` says; shop_currency: "" where the shop does not say. regular_minor:
    what it cost there when it was confirmed last, sales apart; past_minor: what it cost before this period's
    first change, None where nothing changed in it."""

    cost_minor: int | None = None
    cost_currency: str = ""
    shop_currency: str = ""
    least_minor: int | None = None
    most_minor: int | None = None
    regular_minor: int | None = None
    past_minor: int | None = None


class Stop(Struct, frozen=True):
    """A guard that holds a price back, with its sentence."""

    kind: Kind
    because: str


def stops(price_minor: int, currency: str, guard: Guard, known: Known, *, is_sale: bool) -> tuple[Stop, ...]:
    """Everything that speaks against sending it; none: it may be sent.

    A price of a sale is not held against what it cost before, and what follows a sale is held against what
    stood before it: how far a sale goes was decided when it was planned.
    """
    if price_minor <= 0:
        return (Stop("nothing", f"{Money(price_minor, currency)} is no price."),)
    if known.shop_currency not in ("", currency):
        because = f"The shop sells in {known.shop_currency}, the price list is in {currency}."
        return (Stop("currency", because),)
    return tuple(_stops(price_minor, currency, guard, known, is_sale))


def _stops(price_minor: int, currency: str, guard: Guard, known: Known, is_sale: bool) -> Iterator[Stop]:
    price = Money(price_minor, currency)
    if known.cost_minor is None or known.cost_currency != currency:
        if guard.stops_without_cost:
            yield Stop("cost", f"{without_cost(currency, known)}: whether the price covers it is not known.")
    else:
        floor = floor_of(known.cost_minor, guard)
        if floor is None:
            yield Stop("floor", "Fees, tax and margin take all of a price: none covers the cost.")
        elif price_minor < floor:
            covers = _covers(known.cost_minor, currency, guard)
            yield Stop("floor", f"{price} is less than {Money(floor, currency)}, which covers {covers}.")
    if known.least_minor is not None and price_minor < known.least_minor:
        yield Stop(
            "least", f"{price} is less than {Money(known.least_minor, currency)}, the least it may cost."
        )
    if known.most_minor is not None and price_minor > known.most_minor:
        yield Stop("most", f"{price} is more than {Money(known.most_minor, currency)}, the most it may cost.")
    if guard.change_percent is not None and not is_sale:
        yield from _change(price, guard.change_percent, guard.period_days, known)


def _change(price: Money, percent: int, days: int, known: Known) -> Iterator[Stop]:
    told = ((known.regular_minor, "costs there"), (known.past_minor, f"cost before, in the last {days} days"))
    for before, what in told:
        if before is not None and moved_far(before, price.minor, percent):
            moved = _percent(before, price.minor)
            was = Money(before, price.currency)
            yield Stop("change", f"{price} is {moved} than the {was} it {what}; {percent} % are allowed.")
            return


def without_cost(currency: str, known: Known) -> str:
    """That there is nothing to hold a price against, in words."""
    if known.cost_minor is None:
        return "The cost of the SKU is not written down"
    return f"The cost of the SKU stands in {known.cost_currency or 'no currency'}, not in {currency}"


def moved_far(before_minor: int, price_minor: int, percent: int) -> bool:
    """Whether a price moves by more than so many per cent of what it was; from nothing, any is far."""
    return abs(price_minor - before_minor) * 100 > before_minor * percent


def floor_of(cost_minor: int, guard: Guard) -> int | None:
    """The lowest price, in minor units, of which cost, fees, tax and margin are paid; None: there is none.

    Of a price p the net is p / (1 + tax). What is left of it, net − p × fee − fee of the unit − cost, must be
    at least the margin × net.
    """
    net = Fraction(ALL_BP, ALL_BP + guard.tax_bp)
    left = net * Fraction(ALL_BP - guard.margin_bp, ALL_BP) - Fraction(guard.fee_bp, ALL_BP)
    if left <= 0:
        return None
    return ceil((cost_minor + guard.fee_minor) / left)


def _covers(cost_minor: int, currency: str, guard: Guard) -> str:
    parts = [f"the cost of {Money(cost_minor, currency)}"]
    if guard.fee_bp or guard.fee_minor:
        fee = [f"{_of(guard.fee_bp)} %"] if guard.fee_bp else []
        fee += [str(Money(guard.fee_minor, currency))] if guard.fee_minor else []
        parts.append(f"a fee of {' and '.join(fee)}")
    if guard.tax_bp:
        parts.append(f"tax of {_of(guard.tax_bp)} %")
    if guard.margin_bp:
        parts.append(f"a margin of {_of(guard.margin_bp)} %")
    return ", ".join(parts)


def _of(bp: int) -> str:
    return f"{bp / 100:g}"


def _percent(before_minor: int, price_minor: int) -> str:
    if before_minor <= 0:
        return "more"
    moved = (price_minor - before_minor) * 100 / before_minor
    return f"{abs(moved):.0f} % {'more' if moved > 0 else 'less'}"
