"""Magento: shipments and credit memos are documents, and buyers see what is not reserved."""

from typing import cast

from quartermaster.testing.market.stall import Json, Seen, Stall, State
from quartermaster.testing.simulators.magento import Magento, open_units, rows_of
from quartermaster.testing.simulators.magento_money import cents


class MagentoStall(Stall):
    kind = "magento"
    writes = frozenset({"stock"})
    edits = False  # to edit an order there is to cancel it and make another
    memory: Magento

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
