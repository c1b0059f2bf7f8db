"""Amounts, per cents and moments as a person writes them into a form."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from quartermaster.channels.rules.prices.rows import exact
from quartermaster.core.errors import Invalid
from quartermaster.core.money import BadAmount


class Form:
    """Fields of one form; `errors` collects field -> what is wrong with it."""

    def __init__(self, given: Mapping[str, str], currency: str = "") -> None:
        self._given, self._currency = given, currency
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        return self._given.get(name, "").strip()

    def is_ticked(self, name: str) -> bool:
        return name in self._given

    def minor(self, name: str) -> int | None:
        """None: nothing stands there, or what does is wrong."""
        if not self.text(name):
            return None
        try:
            return exact(self.text(name), self._currency)
        except BadAmount as error:
            self.errors[name] = str(error)
            return None

    def hundredths(self, name: str) -> int:
        """A per cent, or a factor times a hundred, in hundredths: "12.5" is 1250."""
        return self._scaled(name, 2)

    def factor(self, name: str) -> int:
        """A factor in basis points: "1.15" is 11500."""
        return self._scaled(name, 4)

    def whole(self, name: str) -> int:
        return self._scaled(name, 0)

    def moment(self, name: str) -> datetime:
        """A moment in UTC."""
        try:
            return datetime.fromisoformat(self.text(name)).replace(tzinfo=UTC)
        except ValueError:
            self.errors[name] = "a moment such as 2026-11-27 08:00"
            return datetime(1970, 1, 1, tzinfo=UTC)

    def check(self, what: str) -> None:
        """Raises Invalid where something was wrong."""
        if self.errors:
            raise Invalid(what=what, errors=self.errors)

    def _scaled(self, name: str, places: int) -> int:
        try:
            value = Decimal(self.text(name).replace(",", ".") or "0").scaleb(places)
            if value != int(value) or abs(value) > 10**9:
                raise ValueError
        except (InvalidOperation, ValueError, OverflowError):
            self.errors[name] = "a number" + (
                f" with at most {places} places" if places else " without places"
            )
            return 0
        return int(value)
