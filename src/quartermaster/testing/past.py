"""Orders of the past to test with: everything not given is ordinary."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from quartermaster.core import sql
from quartermaster.core.kept import Kept
from quartermaster.orders.actions.remember import remember_lines, remember_orders, remember_tenders
from quartermaster.orders.rules.history import PastLine, PastOrder, PastTender

PLACED_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEARNT_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Past:
    """A connection of kind history, and short words for what is remembered over it."""

    def __init__(self, slug: str = "old-shop") -> None:
        self.slug = slug
        ((self.id,),) = sql.run(
            "insert into inbox_connection (slug, kind) values (%s, 'history') returning id", (slug,)
        )

    def orders(self, *orders: PastOrder) -> list[Kept]:
        return remember_orders(orders, connection_id=self.id, slug=self.slug, at=LEARNT_AT, by="test")

    def lines(self, *lines: PastLine) -> list[Kept]:
        return remember_lines(lines, connection_id=self.id)

    def tenders(self, *tenders: PastTender) -> list[Kept]:
        return remember_tenders(tenders, connection_id=self.id)

    def sold(self, external_id: str, state: str = "delivered", lines: Sequence[PastLine] = ()) -> int:
        """An order with its lines (one lamp, if none are given); answers its id."""
        (kept,) = self.orders(past_order(external_id, state=state))
        self.lines(*(lines or [past_line(external_id)]))
        assert kept.id is not None
        return kept.id


def past_order(external_id: str, **different: Any) -> PastOrder:
    """An order of a thousand euros' shop that was delivered."""
    ordinary: dict[str, Any] = {"placed_at": PLACED_AT, "state": "delivered", "currency": "EUR"}
    return PastOrder(external_id=external_id, **{**ordinary, **different})


def past_line(order: str, external_id: str = "1", **different: Any) -> PastLine:
    """One lamp for 10.00."""
    ordinary: dict[str, Any] = {"code": "LAMP", "unit_price_minor": 1000}
    return PastLine(order=order, external_id=external_id, **{**ordinary, **different})


def past_tender(order: str, external_id: str = "1", amount_minor: int = 1000, **different: Any) -> PastTender:
    return PastTender(order=order, external_id=external_id, amount_minor=amount_minor, **different)
