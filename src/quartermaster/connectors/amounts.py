"""Amounts as outside systems write them ("199.00", 199, 199.0) become minor units of the order's currency."""

import re
from decimal import Decimal

from msgspec.structs import replace

from quartermaster.connectors.shapes import named
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.money import MINOR_MAX, BadAmount, share, to_minor
from quartermaster.orders.ports import LineSold, Totals

_PLAIN = re.compile(r"\s*[+-]?(?:\d{1,20}(?:\.\d{0,18})?|\.\d{1,18})\s*", re.ASCII)
_STAND_IN = "EUR"  # two decimals, for a currency that ISO 4217 does not know


class Amounts:
    """Reads amounts in one currency; what is no amount counts as 0 and is named in `doubts`."""

    __slots__ = ("_cents", "_scale", "currency", "doubts")

    def __init__(self, currency: str, doubts: list[str]) -> None:
        self.currency = currency
        self.doubts = doubts
        self._scale = currency if currency in EXPONENT else _STAND_IN
        self._cents = EXPONENT[self._scale] == 2
        if currency not in EXPONENT:
            name = f"The currency {currency!r} is not in ISO 4217" if currency else "No currency is given"
            doubts.append(f"{name}: amounts are read with two decimals.")

    def minor(self, value: object, what: str, *, may_be_negative: bool = False) -> int:
        """Minor units of `value`; None and "" are 0. `what` names it in a doubt."""
        if value is None or value == "0.00":
            return 0
        if self._cents and type(value) is str and value[-3:-2] == "." and len(value) < 16:
            digits = value[:-3] + value[-2:]
            if digits.isascii() and digits.isdigit():
                return int(digits)
        return self._minor(value, what, may_be_negative)

    def gross(self, price: object, unit_minor: int, quantity: int, what: str) -> int:
        """Minor units of price times quantity, rounded once: 3 at 0.333 are 1.00. `unit_minor`: the price."""
        if type(price) is not str or price[-3:-2] != "." or not self._cents:
            try:
                return self._minor(_decimal(price) * quantity, what, False)
            except (BadAmount, ArithmeticError):
                return 0  # reading the price has said why
        minor = unit_minor * quantity
        if minor > MINOR_MAX:
            self.doubts.append(f"{what} comes to {minor:,} minor units, more than money can be; taken as 0.")
            return 0
        return minor

    def told(self, minor: int) -> str:
        """An amount for a sentence: "USD 12.50"."""
        places = EXPONENT[self._scale]
        return f"{self.currency} {Decimal(minor).scaleb(-places):,.{places}f}".strip()

    def _minor(self, value: object, what: str, may_be_negative: bool) -> int:
        if value == "":
            return 0
        try:
            minor = to_minor(_decimal(value), self._scale)
        except (BadAmount, ArithmeticError):
            self.doubts.append(f"{what} is {named(value)}, not an amount of money; taken as 0.")
            return 0
        if minor < 0 and not may_be_negative:
            self.doubts.append(f"{what} is {named(value)}, less than nothing; taken as 0.")
            return 0
        return minor


def decimal_of(minor: int, currency: str) -> Decimal:
    """As outside systems write it, with all its decimals: 19.90. Two of a currency ISO 4217 does not know."""
    return Decimal(minor).scaleb(-EXPONENT.get(currency, EXPONENT[_STAND_IN]))


def minor_of(value: Decimal | int | str, currency: str) -> int | None:
    """Minor units; None where it is no amount."""
    try:
        return to_minor(value, currency)
    except BadAmount:
        return None


def _decimal(value: object) -> Decimal:
    """Only plain numbers: 12, 12.5, "12.50", "-3". Not true, "1_000", "1,5", "1e3" or Arabic digits."""
    if isinstance(value, Decimal):
        return value
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return Decimal(value.strip())
    raise BadAmount("not an amount")


def gap(totals: Totals, *, is_tax_included: bool) -> int:
    """How much more the total is than its parts: 0 when the order adds up."""
    parts = totals.items - totals.discount + totals.shipping + totals.fees + totals.tip + totals.rounding
    return totals.total - parts - (0 if is_tax_included else totals.tax)


def with_shares(lines: tuple[LineSold, ...], off_minor: int) -> tuple[LineSold, ...]:
    """A discount on the whole order falls on its lines by value; what they cannot bear stays on the order."""
    room = [max(0, line.gross_minor - line.discount_minor) for line in lines]
    if off_minor <= 0 or not any(room):
        return lines
    parts = share(min(off_minor, sum(room)), room)
    return tuple(
        replace(line, discount_minor=line.discount_minor + part)
        for line, part in zip(lines, parts, strict=True)
    )
