"""A dock at BER, and what lies where."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from quartermaster.core import sql
from quartermaster.inbound.actions import NewArrival, Scan, expect_arrival, put_away, receive
from quartermaster.inbound.actions.put_away import Stored
from quartermaster.inbound.actions.receive import Received
from quartermaster.inbound.queries import invariants as inbound
from quartermaster.stock.queries import invariants as stock
from quartermaster.testing.builders import a_location, a_sku

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Dock:
    """The site BER with the SKU LAMP."""

    def __init__(self) -> None:
        self.location = a_location("BER")
        self.sku = a_sku("LAMP")
        self.scans = 0

    def expect(self, units: int = 10, **different: Any) -> int:
        ordinary: dict[str, Any] = {"site": "BER", "kind": "asn", "lines": {"LAMP": units}}
        return expect_arrival(NewArrival(**{**ordinary, **different}), at=AT, by="test")

    def blind(self, **different: Any) -> int:
        return self.expect(kind="blind", lines={}, **different)

    def scan(self, arrival: int, quantity: int = 1, *, at: datetime = AT, **different: Any) -> Received:
        self.scans += 1
        ordinary = {"key": f"scan-{self.scans}", "code": "LAMP", "quantity": quantity}
        return receive(arrival, Scan(**{**ordinary, **different}), at=at, by="test")

    def store(self, units: int, place: str, **different: Any) -> Stored:
        self.scans += 1
        ordinary = {"key": f"put-{self.scans}", "because": "", "at": AT, "by": "test"}
        return put_away("BER", "LAMP", units, place, **{**ordinary, **different})

    def held(self) -> dict[tuple[str, str], int]:
        """(place, state) -> units on earth."""
        return {
            (place, state): int(units)
            for place, state, units in sql.run(
                "select p.code, b.state, sum(b.quantity) from stock_balance b "
                "join stock_place p on p.id = b.place_id where b.place_id > 0 and b.quantity > 0 "
                "group by 1, 2"
            )
        }

    def level(self, site: str = "BER") -> tuple[int, int, int]:
        """on hand, sellable, incoming"""
        query = (
            "select on_hand, sellable, incoming from stock_level v "
            "join stock_location l on l.id = v.location_id where l.code = %s and v.sku_id = %s"
        )
        return sql.run(query, (site, self.sku))[0]  # type: ignore[return-value]


def broken() -> list[str]:
    return [f"{name}: {row}" for name, _, look in (*stock.INVARIANTS, *inbound.INVARIANTS) for row in look()]


@pytest.fixture
def dock(db: None) -> Iterator[Dock]:
    yield Dock()
    assert broken() == []
