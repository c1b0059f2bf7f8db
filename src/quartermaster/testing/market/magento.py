"""Magento: shipments and credit memos are documents, and buyers see what is not reserved."""

from typing import cast

from quartermaster.testing.market.stall import Json, Seen, Stall, State
from quartermaster.testing.simulators.magento import Magento, open_units, rows_of
from quartermaster.testing.simulators.magento_money import cents


class MagentoStall(Stall):
    kind = "magento"
    writes = frozenset({"stock"})
    memory: Magento

    def __init__(self, memory: Magento) -> None:
        super().__init__(memory)
        self._bought = 0

    def place(self, lines: list[Json]) -> str:
        """Of every third order the money is only authorised: it is invoiced later, or never."""
        self._bought += 1
        return self._by_hand("order", lines=lines, is_paid=self._bought % 3 != 0)

    def edit(self, order: str, n: int) -> bool:
        """What may be changed of an order that was paid: a comment, and its address; the latter without the
        order being another version of itself."""
        self._by_hand("readdress", id=order, street=f"Lane {n}")
        self._by_hand("say", id=order, comment=f"ring {n} times")
        return True

    def edit_anew(self, order: str) -> str:
        return self._by_hand("edit", id=order)

    def _by_hand(self, what: str, **said: object) -> str:
        return str(cast("Json", self.memory.by_hand(what, said))["id"])

    def shown(self, sku: str) -> int:
        return self.memory.goods.salable(sku)

    def call_off(self, order: str) -> None:
        told = self.memory.orders[order]
        for row in rows_of(told):
            units = open_units(row)
            row["qty_canceled"] = units
            self.memory.goods.reserve(str(row["sku"]), -units)
        self.memory.by_hand("change", {"id": order, "state": "canceled", "status": "canceled"})

    def seen(self, order: str) -> Seen:
        told = self.memory.orders[order]
        rows = rows_of(told)
        shipped = sum(int(str(row.get("qty_shipped") or 0)) for row in rows)
        state: State = (
            "open" if any(open_units(row) > 0 for row in rows) else "left" if shipped else "cancelled"
        )
        if told["state"] == "canceled":
            state = "cancelled"
        return Seen(state, shipped, cents(told.get("base_total_refunded")))

    def done(self) -> list[str]:
        found = []
        for kind, name in (("parcel", "shipments"), ("refund", "creditmemos")):
            for one in self.memory.documents[name]:
                comments = [str(each["comment"]) for each in cast("list[Json]", one["comments"])]
                found.append(f"{kind} {one['order_id']} {' '.join(comments)}")
        return found
