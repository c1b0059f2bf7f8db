"""Checks every order passes when it is captured or changes: each says in a sentence what a person must
look at."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from quartermaster.core.currencies import EXPONENT
from quartermaster.core.money import Money
from quartermaster.orders.ports import OrderSold, PaymentState
from quartermaster.orders.rules.holds import Hold

QUANTITY_MAX = 100_000  # on one line: more is a typing error until a person says otherwise
LINES_MAX = 500


class Checked(NamedTuple):
    holds: tuple[Hold, ...]
    passed: int


type Check = Callable[[OrderSold, Sequence[bool]], str]


def check(order: OrderSold, known: Sequence[bool]) -> Checked:
    """Run every check in order. `known` says per line whether its SKU is known. One hold per kind,
    reasons joined."""
    found: dict[str, list[str]] = {}
    passed = 0
    for kind, test in CHECKS:
        because = test(order, known)
        if because:
            found.setdefault(kind, []).append(because)
        else:
            passed += 1
    return Checked(tuple(Hold(kind, " ".join(reasons)) for kind, reasons in found.items()), passed)


def _is_understood(order: OrderSold, known: Sequence[bool]) -> str:
    return " ".join(sentence if sentence.endswith(".") else f"{sentence}." for sentence in order.doubts[:10])


def _has_lines(order: OrderSold, known: Sequence[bool]) -> str:
    if not order.lines:
        return "It has no lines."
    return f"It has {len(order.lines)} lines, more than {LINES_MAX}." if len(order.lines) > LINES_MAX else ""


def _quantities(order: OrderSold, known: Sequence[bool]) -> str:
    odd = [line for line in order.lines if not 0 < line.ordered <= QUANTITY_MAX]
    return " ".join(f"{line.ordered} × {line.code or line.title} makes no sense." for line in odd[:5])


def _is_real(order: OrderSold, known: Sequence[bool]) -> str:
    return "The channel marks it as a test order." if order.is_test else ""


def _skus(order: OrderSold, known: Sequence[bool]) -> str:
    missing = [
        line.code or line.title or line.external_id
        for line, is_known in zip(order.lines, known, strict=True)
        if line.is_shippable and not is_known and line.ordered > line.cancelled
    ]
    if not missing:
        return ""
    names = ", ".join(dict.fromkeys(missing[:10]))
    return f"Unknown SKU: {names}. It goes on by itself once the SKU or an alias exists."


def _payment(order: OrderSold, known: Sequence[bool]) -> str:
    if order.is_cancelled or order.currency not in EXPONENT:
        return ""
    due = Money(order.totals.total, order.currency)
    match order.payment_state:
        case PaymentState.PAID | PaymentState.PARTLY_REFUNDED:
            if order.totals.paid < order.totals.total:
                return f"Marked as paid, but {Money(order.totals.paid, order.currency)} of {due} came in."
        case PaymentState.PENDING:
            return f"{due} is not paid yet." if order.totals.total else ""
        case PaymentState.PARTLY_PAID:
            return f"Only {Money(order.totals.paid, order.currency)} of {due} is paid."
        case PaymentState.VOIDED:
            return "The payment was voided."
        case PaymentState.UNKNOWN:
            return "Whether it is paid is not known."
        case PaymentState.AUTHORISED | PaymentState.ON_DELIVERY | PaymentState.REFUNDED:
            pass
    return ""


def _address(order: OrderSold, known: Sequence[bool]) -> str:
    if order.is_cancelled or not any(line.is_shippable for line in order.lines):
        return ""
    if order.ship_to is None:
        return "There is no shipping address."
    needed = {
        "a street": order.ship_to.line1,
        "a city": order.ship_to.city,
        "a country": order.ship_to.country,
    }
    missing = [name for name, value in needed.items() if not value.strip()]
    return f"The shipping address lacks {' and '.join(missing)}." if missing else ""


def _channel(order: OrderSold, known: Sequence[bool]) -> str:
    return " ".join(order.asks_hold)


CHECKS: tuple[tuple[str, Check], ...] = (
    ("check", _is_understood),
    ("check", _has_lines),
    ("check", _quantities),
    ("test", _is_real),
    ("sku", _skus),
    ("payment", _payment),
    ("address", _address),
    ("channel", _channel),
)
