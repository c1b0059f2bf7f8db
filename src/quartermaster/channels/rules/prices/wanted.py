"""What a listing is to cost: the price of its list, times a factor, plus an amount, rounded; and why."""

from datetime import datetime

from msgspec import Struct

from quartermaster.core.money import Money

ONE_BP = 10_000  # times one


class PriceRule(Struct, frozen=True):
    """How a shop makes its prices of those of a list: times `factor_bp` / 10,000, plus `amount_minor`, then
    to the nearest that ends in `ending_minor` where prices lie `step_minor` apart (100 and 99: 12.99)."""

    factor_bp: int = ONE_BP
    amount_minor: int = 0
    step_minor: int = 1
    ending_minor: int = 0


class Line(Struct, frozen=True):
    """A line of the arithmetic: what was done, and the minor units that it leaves."""

    what: str
    leaves_minor: int


class Priced(Struct, frozen=True):
    price_minor: int
    lines: tuple[Line, ...]
    is_sale: bool = False


def by_rule(price_minor: int, rule: PriceRule, currency: str) -> int:
    """What the shop makes of a price of its list."""
    lines = _ruled(price_minor, rule, currency)
    return lines[-1].leaves_minor if lines else price_minor


def priced(
    list_name: str,
    currency: str,
    price_minor: int,
    rule: PriceRule,
    *,
    own_minor: int | None = None,
    sale_minor: int | None = None,
    sale_until: datetime | None = None,
) -> Priced:
    """What it is to cost in minor units of `currency`; nothing here keeps it above zero, the guards do.

    A price of the listing's own stands in place of everything else. A sale takes the place of the price of
    the list, and the rule of the shop is applied to it as well.
    """
    if own_minor is not None:
        return Priced(own_minor, (Line("This listing has a price of its own", own_minor),))
    lines = [Line(f"Price of {list_name}", price_minor)]
    is_sale = sale_minor is not None
    if sale_minor is not None:
        until = f", until {sale_until:%Y-%m-%d %H:%M} UTC" if sale_until else ""
        price_minor = sale_minor
        lines.append(Line(f"On sale{until}", price_minor))
    lines += _ruled(price_minor, rule, currency)
    return Priced(lines[-1].leaves_minor, tuple(lines), is_sale)


def _ruled(price_minor: int, rule: PriceRule, currency: str) -> list[Line]:
    lines = []
    if rule.factor_bp != ONE_BP:
        price_minor = _half_up(price_minor * rule.factor_bp, ONE_BP)
        lines.append(Line(f"Times {_factor(rule.factor_bp)}", price_minor))
    if rule.amount_minor:
        price_minor += rule.amount_minor
        sign = "Plus" if rule.amount_minor > 0 else "Less"
        lines.append(Line(f"{sign} {Money(abs(rule.amount_minor), currency)}", price_minor))
    if rule.step_minor > 1 and price_minor > 0:
        price_minor = rounded(price_minor, rule.step_minor, rule.ending_minor)
        step, ending = Money(rule.step_minor, currency).decimal, Money(rule.ending_minor, currency).decimal
        lines.append(Line(f"Rounded to the nearest of {ending}, {ending + step}, and so on", price_minor))
    return lines


def rounded(price_minor: int, step_minor: int, ending_minor: int) -> int:
    """The nearest price above zero that is `ending_minor` and whole steps; half way goes up."""
    steps = _half_up(price_minor - ending_minor, step_minor)
    return max(steps * step_minor + ending_minor, ending_minor or step_minor)


def _half_up(over: int, under: int) -> int:
    return (2 * over + under) // (2 * under)


def _factor(factor_bp: int) -> str:
    return f"{factor_bp // ONE_BP}.{factor_bp % ONE_BP:04}".rstrip("0").rstrip(".")
