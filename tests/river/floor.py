"""A floor to tell stories about: bins with units, lists picked and parcels packed."""

from typing import Any

import pytest

from quartermaster.core import sql
from quartermaster.stock.actions import Move, post
from quartermaster.warehouse.actions import confirm_lists, make_pick_list

from .conftest import NOW, Company

ORDER = 5_000_000_001


class Floor:
    """A company with a site BER whose units lie in bins."""

    def __init__(self, company: Company) -> None:
        self.company = company
        company.site("BER")
        self._moves = 0

    def stow(self, code: str, *, lot: str = "", serials: tuple[str, ...] = (), **bins: int) -> None:
        """Units come straight into bins: stow("MUG", A_2=3) puts three into BER/A-2."""
        self.company.sku(code)
        ((sku_id,),) = sql.run("select id from catalog_sku where code = %s", (code,))
        moves = []
        for name, units in bins.items():
            place = "BER/" + name.replace("_", "-")
            for n in range(len(serials) or 1):
                self._moves += 1
                moves.append(
                    Move(
                        f"stow:{self._moves}", sku_id, 1 if serials else units, "world:supplier", place,
                        "received", lot=lot, serial=serials[n] if serials else "",
                    )
                )  # fmt: skip
        post(moves, by="test", at=NOW)
        self.company.flow()

    def sell(self, *lines: tuple[str, int], **different: Any) -> int:
        """Returns the order's id."""
        self.company.tell(self.company.shop.sell(*lines, **different))
        return int(sql.run("select max(id) from orders_order")[0][0])

    def make_list(self, **different: Any) -> int:
        made = make_pick_list("BER", at=NOW, by="user:1", **different)
        assert made is not None
        return made

    def picked(self) -> int:
        """Everything released is picked; returns the list."""
        made = self.make_list()
        confirm_lists([made], at=NOW, by="user:1")
        self.company.flow()
        return made

    def picks(self, list_id: int) -> list[tuple[int, str, str, int, str]]:
        """(id, SKU, place, units, state) along the path."""
        return sql.run(
            "select k.id, s.code, p.code, k.quantity, k.state from warehouse_pick k "
            "join catalog_sku s on s.id = k.sku_id join stock_place p on p.id = k.place_id "
            "where k.pick_list_id = %s order by k.position",
            (list_id,),
        )  # type: ignore[return-value]

    def path(self, list_id: int) -> list[tuple[str, str, int]]:
        return [(sku, place.removeprefix("BER/"), units) for _, sku, place, units, _ in self.picks(list_id)]

    def units(self, order_id: int) -> list[dict[str, int]]:
        names = ("open", "allocated", "picked", "packed", "labelled", "shipped", "cancelled")
        rows = sql.run(
            f"select {', '.join(names)} from orders_line where order_id = %s order by position", (order_id,)
        )
        return [{name: count for name, count in zip(names, row, strict=True) if count} for row in rows]

    def states(self, order_id: int) -> list[str]:
        found = sql.run(
            "select state from allocation_allocation where order_id = %s order by id", (order_id,)
        )
        return [row[0] for row in found]

    def lying(self, code: str) -> dict[str, int]:
        """Place and state -> units, in the house."""
        return {
            f"{place.removeprefix('BER/')} {state}": units
            for place, state, units in sql.run(
                "select p.code, b.state, sum(b.quantity)::bigint from stock_balance b "
                "join stock_place p on p.id = b.place_id join catalog_sku s on s.id = b.sku_id "
                "where s.code = %s and p.id > 0 group by 1, 2 order by 1, 2",
                (code,),
            )
        }


@pytest.fixture
def floor(company: Company) -> Floor:
    return Floor(company)
