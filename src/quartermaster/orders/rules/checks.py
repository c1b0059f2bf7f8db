"""Checks every order passes when it is captured or changes: each
says in a sentence what a person must look at."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from quartermaster.core.currencies import EXPONENT
from quartermaster.core.money import Money
from quartermaster.orders.ports import OrderSold, PaymentState
from quartermaster.orders.rules.holds import KINDS, Blocks, Hold


class Step(Struct, frozen=True):
    """One check as it is set up: whether it runs, its number, its
    countries. What they mean is in `MEANING`."""

    name: str
    is_on: bool = True
    limit: int = 0
    countries: tuple[str, ...] = ()


class Facts(NamedTuple):
    """What a check may know beside the order itself. Per line: is its SKU known, what does a unit cost us,
    what speaks against sending it to where it goes."""

    known: Sequence[bool]
    costs: Sequence[Money | None] = ()
    twin: str = ""  # number of an order of the same customer, total and time, when that check is on
    barred: Sequence[Sequence[str]] = ()
    adjusted_minor: int = 0  # what our own people's changes add to the total
    at: datetime | None = None  # when the channel told it


class Told(NamedTuple):
    """The money of an order as the channel tells it."""

    currency: str
    total_minor: int
    paid_minor: int
    outstanding_minor: int | None = None

    @property
    def outstanding(self) -> int:
        """What is still to come in. An order that the channel edited may be paid in full though less than its
        total came in: the channel knows, where it says so."""
        if self.outstanding_minor is not None:
            return self.outstanding_minor
        return self.total_minor - self.paid_minor


class Checked(NamedTuple):
    holds: tuple[Hold, ...]
    passed: int


type Check = Callable[[OrderSold, Facts, Step], str]


def check(order: OrderSold, facts: Facts, steps: Sequence[Step]) -> Checked:
    """Run the checks that are on, in their order. One hold per kind, reasons joined.

    What only keeps units from the floor is not asked when none is left that could go there.
    """
    found: dict[str, list[str]] = {}
    passed = 0
    has_rest = any(
        line.is_shippable and line.ordered > line.cancelled + line.fulfilled for line in order.lines
    )
    for step in steps:
        kind, test = CHECKS[step.name]
        if not step.is_on or (KINDS[kind].blocks is Blocks.RELEASE and not has_rest):
            continue
        because = test(order, facts, step)
        if because:
            found.setdefault(kind, []).append(because)
        else:
            passed += 1
    return Checked(tuple(Hold(kind, " ".join(reasons)) for kind, reasons in found.items()), passed)


def expiry(kind: str, order: OrderSold) -> datetime | None:
    """When a hold of this kind is over by itself; None: when the checks pass, and not before."""
    return order.asks_hold_until if kind == "channel" else None


def problems(steps: Sequence[Step]) -> list[str]:
    """What is wrong with a set-up of checks, in words."""
    names = [step.name for step in steps]
    wrong = [
        f"There is no check named {name}; there are: {', '.join(CHECKS)}."
        for name in names
        if name not in CHECKS
    ]
    wrong += [
        f"{name} stands there more than once." for name in dict.fromkeys(names) if names.count(name) > 1
    ]
    wrong += [f"{name} is missing: switch it off instead." for name in CHECKS if name not in names]
    wrong += [f"{step.name}: its limit is below zero." for step in steps if step.limit < 0]
    return wrong


def _understood(order: OrderSold, facts: Facts, step: Step) -> str:
    return " ".join(sentence if sentence.endswith(".") else f"{sentence}." for sentence in order.doubts[:10])


def _lines(order: OrderSold, facts: Facts, step: Step) -> str:
    if not order.lines:
        return "It has no lines."
    return (
        f"It has {len(order.lines)} lines, more than {step.limit}." if len(order.lines) > step.limit else ""
    )


def _quantities(order: OrderSold, facts: Facts, step: Step) -> str:
    odd = [line for line in order.lines if not 0 < line.ordered <= step.limit]
    return " ".join(f"{line.ordered} × {line.code or line.title} makes no sense." for line in odd[:5])


def _real(order: OrderSold, facts: Facts, step: Step) -> str:
    return "The channel marks it as a test order." if order.is_test else ""


def _skus(order: OrderSold, facts: Facts, step: Step) -> str:
    missing = [
        line.code or line.title or line.external_id
        for line, is_known in zip(order.lines, facts.known, strict=True)
        if line.is_shippable and not is_known and line.ordered > line.cancelled + line.fulfilled
    ]
    if not missing:
        return ""
    names = ", ".join(dict.fromkeys(missing[:10]))
    return f"Unknown SKU: {names}. It goes on by itself once the SKU or an alias exists."


def _payment(order: OrderSold, facts: Facts, step: Step) -> str:
    totals = order.totals
    told = Told(order.currency, totals.total, totals.paid, totals.outstanding)
    return unpaid(order.payment_state, told, adjusted_minor=facts.adjusted_minor)


def unpaid(state: str, told: Told, *, adjusted_minor: int = 0) -> str:
    """Why an order is not paid as it should be; empty when it is.

    What our own people took off it needs no payment any more. What they added is not asked here: that is due,
    and has a hold of its own.
    """
    if told.currency not in EXPONENT:
        return ""
    cut = min(0, adjusted_minor)
    due, paid = Money(told.total_minor + cut, told.currency), Money(told.paid_minor, told.currency)
    short = told.outstanding + cut
    is_cut_to_what_came = cut < 0 and short <= 0
    match state:
        case PaymentState.PAID | PaymentState.PARTLY_REFUNDED:
            if short > 0:
                return f"Marked as paid, but {paid} of {due} came in."
        case PaymentState.PENDING:
            return f"{due} is not paid yet." if told.total_minor and not is_cut_to_what_came else ""
        case PaymentState.PARTLY_PAID:
            return "" if is_cut_to_what_came else f"Only {paid} of {due} is paid."
        case PaymentState.VOIDED:
            return "The payment was voided."
        case PaymentState.UNKNOWN:
            return "Whether it is paid is not known."
        case PaymentState.AUTHORISED | PaymentState.ON_DELIVERY | PaymentState.REFUNDED:
            pass
    return ""


def _address(order: OrderSold, facts: Facts, step: Step) -> str:
    if order.is_shipped_by_channel:
        return ""  # it stands on the channel's label
    if order.ship_to is None:
        return "There is no shipping address."
    to = order.ship_to
    needed = {"a street": to.line1, "a city": to.city, "a country": to.country}
    missing = [name for name, value in needed.items() if not value.strip()]
    return f"The shipping address lacks {' and '.join(missing)}." if missing else ""


def _destination(order: OrderSold, facts: Facts, step: Step) -> str:
    country = order.ship_to.country if order.ship_to else ""
    return f"We do not ship to {country}." if country in step.countries else ""


def _restricted(order: OrderSold, facts: Facts, step: Step) -> str:
    told = [
        sentence
        for line, sentences in zip(order.lines, facts.barred, strict=False)
        if line.is_shippable and line.ordered > line.cancelled + line.fulfilled
        for sentence in sentences
    ]
    return " ".join(dict.fromkeys(told[:10]))


def _twin(order: OrderSold, facts: Facts, step: Step) -> str:
    return (
        f"{facts.twin} looks like the same order, placed within {step.limit} minutes." if facts.twin else ""
    )


def _margin(order: OrderSold, facts: Facts, step: Step) -> str:
    below = []
    for line, cost in zip(order.lines, facts.costs, strict=False):
        if cost is None or cost.currency != order.currency or line.ordered < 1:
            continue
        net = line.gross_minor - line.discount_minor - (line.tax_minor if order.is_tax_included else 0)
        if net * 100 < cost.minor * line.ordered * (100 + step.limit):
            below.append(line.code)
    return f"Sold below cost plus {step.limit} %: {', '.join(below[:5])}." if below else ""


def _channel(order: OrderSold, facts: Facts, step: Step) -> str:
    if order.asks_hold_until and facts.at and order.asks_hold_until <= facts.at:
        return ""
    return " ".join(order.asks_hold)


CHECKS: dict[str, tuple[str, Check]] = {
    "understood": ("check", _understood),
    "lines": ("check", _lines),
    "quantities": ("check", _quantities),
    "real": ("test", _real),
    "sku": ("sku", _skus),
    "payment": ("payment", _payment),
    "address": ("address", _address),
    "destination": ("destination", _destination),
    "restricted": ("restricted", _restricted),
    "duplicate": ("duplicate", _twin),
    "margin": ("margin", _margin),
    "channel": ("channel", _channel),
}
assert {kind for kind, _ in CHECKS.values()} <= KINDS.keys()

MEANING: dict[str, str] = {
    "understood": "Everything the channel sent could be understood, and its amounts add up.",
    "lines": "It has at least one line and at most `limit`.",
    "quantities": "Every line has between 1 and `limit` units.",
    "real": "It is no test order.",
    "sku": "Every SKU is known.",
    "payment": "It is paid, authorised, or paid on delivery.",
    "address": "It can be delivered: street, city and country are there, or the channel ships it.",
    "destination": "It does not go to one of `countries`.",
    "restricted": "Nothing in it may not go to its country, by the list of restricted goods.",
    "duplicate": "The same customer placed no order of the same total within `limit` minutes.",
    "margin": "No line was sold below its cost plus `limit` percent.",
    "channel": "The channel itself does not ask to hold it.",
}

# The last ones know more about a shop than we do: they are off until somebody sets them.
DEFAULT: tuple[Step, ...] = (
    Step("understood"),
    Step("lines", limit=500),
    Step("quantities", limit=100_000),
    Step("real"),
    Step("sku"),
    Step("payment"),
    Step("address"),
    Step("channel"),
    Step("restricted"),
    Step("destination", is_on=False),
    Step("duplicate", is_on=False, limit=10),
    Step("margin", is_on=False),
)
