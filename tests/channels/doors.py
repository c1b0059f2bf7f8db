"""Two invented shops with a door for many rows, and what happens there."""

from datetime import timedelta

from quartermaster.channels.actions import see_to_bulk, work_out
from quartermaster.channels.actions.push import push_stock
from quartermaster.channels.actions.read_back import read_back
from quartermaster.core import sql
from quartermaster.testing.builders import a_sku
from quartermaster.testing.shelves import InventedBulk, InventedShelves

from .conftest import Stand, examined


class Door(Stand):
    """The two shops, with a door for three rows and more, at most five in a write."""

    def __init__(self, shelves: InventedShelves, bulk: InventedBulk) -> None:
        super().__init__(shelves)
        self.bulk = bulk

    def full(self, *codes: str, units: int = 5) -> None:
        """Shop `east` has none of these and is to have some."""
        for code in codes:
            a_sku(code, BER=units)
        self.offer(*codes, slugs=["east"])
        work_out()

    def again(self) -> int:
        """The worker's round, when all moments have come but those of rows that are held."""
        sql.run(
            "update channels_listing set next_at = now() - interval '1 hour', "
            "lease_until = lease_until - interval '1 day' where bulk_id is null"
        )
        self.due()
        return work_out() + push_stock() + see_to_bulk() + read_back()

    def due(self) -> None:
        sql.run(
            "update channels_bulk set next_at = now() - interval '1 hour', "
            "lease_until = lease_until - interval '1 hour' where state <> 'over'"
        )

    def aged(self, by: timedelta) -> None:
        """So long ago it was begun."""
        moved = "began_at = began_at - %(by)s::interval, until = until - %(by)s::interval"
        sql.run(f"update channels_bulk set {moved}", {"by": by})

    def rested(self) -> None:
        for _ in range(12):
            self.again()
            self.bulk.work_off()
        assert sql.run("select 1 from channels_listing where bulk_id is not null") == []
        assert examined() == {}

    def tickets(self) -> list[tuple[str, str]]:
        return sql.run("select state, outcome from channels_bulk order by id")

    def sent(self, code: str) -> list[int]:
        return [quantity for name, quantity in self.shelves.sent("east") if name == f"L-{code}"]
