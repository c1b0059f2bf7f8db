"""Money as integer minor units with its currency: no floats, no mixing, nothing lost in a split."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from quartermaster.core.currencies import EXPONENT

MINOR_MAX = 10**15  # ten trillion euros: more is a broken number, and sums stay far inside a bigint


class BadAmount(ValueError):
    """An amount or currency that money cannot be made of; str() says why."""


def exponent(currency: str) -> int:
    """Decimal places of an ISO 4217 currency (EUR 2, JPY 0, BHD 3). BadAmount when unknown."""
    try:
        return EXPONENT[currency]
    except KeyError:
        raise BadAmount(f"{currency!r} is not an ISO 4217 currency") from None


def to_minor(amount: Decimal | int | str, currency: str) -> int:
    """Minor units of a decimal amount; parts of a minor unit are rounded half to even.

    Raises BadAmount for NaN, infinity, text that is no number, and more than MINOR_MAX minor units.
    """
    try:
        value = Decimal(amount)
    except (InvalidOperation, ValueError, TypeError):
        raise BadAmount(f"{str(amount)[:40]!r} is not an amount") from None
    if not value.is_finite() or value.adjusted() > 15:
        raise BadAmount(f"{str(amount)[:40]!r} is not an amount of money")
    minor = int(value.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    if abs(minor) > MINOR_MAX:
        raise BadAmount(f"{str(amount)[:40]!r} is not an amount of money")
    return minor


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents for EUR). Adding another currency raises BadAmount."""

    minor: int
    currency: str  # ISO 4217, "EUR"

    def __post_init__(self) -> None:
        exponent(self.currency)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise BadAmount(f"{self.currency} and {other.currency} do not add up")

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Share by weight; the parts add up to the whole, to the minor
        unit. 100 split 1:1:1 is 34, 33, 33."""
        return [Money(part, self.currency) for part in share(self.minor, weights)]

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal:,}"


def share(whole: int, weights: Sequence[int]) -> list[int]:
    """Integer shares of `whole` by weight that add up to it exactly; earlier parts take the odd units.

    Weights must be >= 0. All zero counts as equal weights, so that nothing is ever lost.
    """
    if not weights:
        raise BadAmount("nothing to share among")
    if min(weights) < 0:
        raise BadAmount("a share cannot be negative")
    if not any(weights):
        weights = [1] * len(weights)
    total, given, reached, parts = sum(weights), 0, 0, []
    for weight in weights:
        reached += weight
        due = -(-whole * reached // total)
        parts.append(due - given)
        given = due
    return parts
